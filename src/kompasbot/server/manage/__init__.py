"""``/beheer``: what maintainers see and do in a browser, behind ``KOMPASBOT_ADMIN_TOKEN``; see ADR 0010."""
