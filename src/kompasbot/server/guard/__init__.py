"""What keeps a public server standing: counters, limits a visitor and in all, switches, the key to the admin routes."""
