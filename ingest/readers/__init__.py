"""Readers of PDF, Word and web pages: each from a file's bytes to blocks. They run in a process of their own."""
