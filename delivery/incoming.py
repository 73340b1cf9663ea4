"""What clients send, read before the application is asked: little into memory, much into files."""

import asyncio
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile

IN_MEMORY_BYTES = 256 * 1024
# Of all requests that a process reads at once.
IN_FILES_BYTES = 1024**3


class ClientLeft(Exception):
    """A client left before it had sent all."""


class TooMuch(Exception):
    """More is sent than there is room for in files."""


class Incoming:
    """All that is being sent to a process."""

    def __init__(self):
        self.in_files = 0

    @asynccontextmanager
    async def body(self, receive):
        """Give (file, size in bytes) with all that a client sends, for as long as it is used.

        Args:
            receive: of ASGI.
        Raises:
            ClientLeft: nothing may be done with what came.
            TooMuch: there is no room for it.
        """
        loop, size, counted = asyncio.get_running_loop(), 0, 0
        with SpooledTemporaryFile(IN_MEMORY_BYTES) as file:
            try:
                async for piece in pieces(receive):
                    size += len(piece)
                    if size <= IN_MEMORY_BYTES:
                        file.write(piece)
                        continue
                    self.in_files += size - counted
                    counted = size
                    if self.in_files > IN_FILES_BYTES:
                        raise TooMuch
                    # A disk that is slow is waited for in a thread.
                    await loop.run_in_executor(None, file.write, piece)
                file.seek(0)
                yield file, size
            finally:
                self.in_files -= counted
                if counted:
                    await loop.run_in_executor(None, file.close)


async def pieces(receive):
    is_over = False
    while not is_over:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        is_over = not message["more_body"]
        yield message["body"]
