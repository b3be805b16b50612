"""From a conversation to a cited, checked answer."""
