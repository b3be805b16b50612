"""The HTTP interface: items, search and chat, the widget and its page."""
