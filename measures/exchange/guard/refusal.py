"""Why a file is not read: the one exception that all guards raise, and what they look for in the same way."""


class FileRefusedError(Exception):
    """The file is not read; the message tells its owner, in their language, what is wrong and what to do."""


def has_long_run(content: bytes, end: bytes, most: int) -> bool:
    """Return whether more than so many bytes follow each other without this one among them."""
    start = 0
    while len(content) - start > most:
        last = content.rfind(end, start, start + most + 1)
        if last < 0:
            return True
        start = last + 1
    return False
