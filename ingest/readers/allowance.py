"""The processor time of the process that reads a file: it grows with what was read of the file."""

PAGE: int = 1
"""Seconds for a page: many times what one takes, so that a busy machine does not decide what is read."""


def allow_page() -> None:
    """Grant the time for one page more. Without a limit, or on a system that knows none, nothing happens."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft != resource.RLIM_INFINITY:
        more = soft + PAGE
        resource.setrlimit(resource.RLIMIT_CPU, (more if hard < 0 else min(more, hard), hard))
