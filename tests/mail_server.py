"""A real SMTP server that misbehaves: refuses, delays, hangs, and repeats addresses in its words."""

import asyncio
import random
import socket
from collections import Counter
from email import message_from_bytes, policy

from aiosmtpd import controller


class Controller(controller.Controller):
    """A server on loopback whose port is its own from the beginning; until it is started, it refuses connections."""

    def __init__(self, handler, port=0):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, bool(port))
        self.socket.bind(("127.0.0.1", port))
        port = self.socket.getsockname()[1]
        # Its name is given, as it would look for one in the DNS with each connection.
        super().__init__(handler, "127.0.0.1", port, server_hostname="localhost", ready_timeout=60)

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self.socket)


class Misbehaving:
    """A handler that answers some commands badly, by chance, and keeps what it has taken.

    Args:
        seed: of the chance.
        share: how many in a hundred commands are answered badly.
        hang: seconds that a hanging command takes, more than the client waits.
    """

    def __init__(self, seed, share=10, hang=12):
        self.chance = random.Random(seed)  # noqa: S311 - for repeatable tests
        self.share = share
        self.hang = hang
        self.taken = []
        self.faults = Counter()

    async def _answer(self, command):
        if self.chance.random() * 100 >= self.share:
            return "250 Ok"
        fault = self.chance.choice(["later", "busy", "hang"] if self.chance.random() < 0.1 else ["later", "busy"])
        self.faults[f"{command} {fault}"] += 1
        if fault == "hang":
            await asyncio.sleep(self.hang)
        return "421 4.3.2 Going down" if fault == "busy" else "451 4.3.0 Try later"

    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = await self._answer("MAIL")
        if answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return f"550 5.1.1 No {address} here"
        answer = await self._answer("RCPT")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = "250 Ok" if self.chance.random() * 100 >= self.share else "451 4.3.0 Disk full"
        if answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            self.taken += [(recipient, message["Message-ID"], message["Subject"]) for recipient in envelope.rcpt_tos]
        return answer


def start(handler, port=None):
    """Start a server with a handler, on a free port if none is given; return its controller with ``stop()``."""
    server = Controller(handler, port or 0)
    server.start()
    return server
