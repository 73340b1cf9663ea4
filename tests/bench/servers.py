"""Servers under load: the same web server for every Python application, nginx for a file; what a request costs them."""

import os
import re
import shutil
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from portal.management.commands.serve import on_port, web_server
from tests.bench.places import FOLDER, IS_QUICK
from tests.running import ROOT, end, free_port

WORKERS = 1 if IS_QUICK else 2
CONNECTIONS = 16
START_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")
NGINX = """
daemon off;
{user}
pid {folder}/pid;
error_log {folder}/error.log;
worker_processes {workers};
events {{ worker_connections 768; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/files;
        default_type "text/html; charset=utf-8";
        keepalive_requests 1000000;
        etag off;
        {headers}
    }}
}}
"""
# nginx gives these itself.
ITS_OWN = {"content-length", "content-type", "date", "server", "connection", "keep-alive", "transfer-encoding"}


@dataclass
class Load:
    """What a server did in a few seconds: requests in a second, and processor seconds of one."""

    rate: float
    cpu: float


class Server:
    """A server process with all its workers, until the block that it is used in ends.

    Args:
        command: what starts it, for ``port``.
        env: the environment of its processes.
        port: where it listens on loopback.
        cwd: the folder that it runs in.
    """

    def __init__(self, command, env, port, cwd=ROOT):
        self.port = port
        self.command, self.env, self.cwd = command, env, cwd

    def __enter__(self):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # A session of its own, so that the workers end with it.
        self.process = subprocess.Popen(self.command, cwd=self.cwd, env=self.env, start_new_session=True, **quiet)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.fetch("/")
            except OSError:
                time.sleep(0.1)
            else:
                return self
        self.__exit__()
        raise RuntimeError(f"A server did not start: {self.command}")

    def __exit__(self, *error):
        if self.process.poll() is None:
            end(self.process, 8)

    def fetch(self, path, headers=None):
        """Return (headers, body) of an answer as it comes, still compressed."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
                return answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.headers, error.read()

    def spent(self):
        """Return the processor seconds of all its processes up to now."""
        return sum(_ticks(pid) for pid in _session(self.process.pid)) / TICKS

    def load(self, path, seconds, headers=None, connections=CONNECTIONS):
        """Return its ``Load`` while wrk asks for a path.

        Args:
            path: the path.
            seconds: for how long.
            headers: request headers of every request.
            connections: how many requests are under way at any time.

        Raises:
            RuntimeError: some answers were no pages.
        """
        before = self.spent()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s"]
        command += [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
        said = subprocess.run(
            [*command, f"http://127.0.0.1:{self.port}{path}"], capture_output=True, text=True, check=True
        ).stdout
        spent = self.spent() - before
        done = re.search(r"(\d+) requests in ([\d.]+)(m?s|m)\b", said)
        if not done or "Non-2xx" in said or not int(done[1]):
            raise RuntimeError(f"{path} under load: {said}")
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
        return Load(rate, spent / int(done[1]))


def _session(leader):
    """Return the ids of the processes of a session."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == leader:
                found.append(int(folder.name))
        except ProcessLookupError:
            continue
    return found


def _ticks(pid):
    """Return the clock ticks that a process has used, its ended children included (proc(5), stat)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(ticks) for ticks in fields[11:15])


def python_server(application, env):
    """Return a ``Server`` that runs a WSGI application as ``serve`` runs Portal."""
    port = free_port()
    return Server(web_server(on_port(port), WORKERS, application=application), env, port)


def nginx(name, body, headers):
    """Return a ``Server`` that sends some bytes as a file.

    Args:
        name: the name of the file.
        body: the bytes, compressed as they are to be sent.
        headers: those of the answer that is compared with: nginx sends as many and as long ones.
    """
    folder = FOLDER / "nginx"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "files").mkdir(parents=True)
    (folder / "files" / name).write_bytes(body)
    added = [
        f'add_header {key} "{value}";'
        for key, value in headers.items()
        if key.lower() not in ITS_OWN and '"' not in value and "$" not in value
    ]
    # Values with quotation marks, such as those of ETag, in the other kind.
    added += [
        f"add_header {key} '{value}';"
        for key, value in headers.items()
        if key.lower() not in ITS_OWN and '"' in value and "'" not in value
    ]
    port = free_port()
    user = "user root;" if os.getuid() == 0 else ""
    settings = NGINX.format(folder=folder, port=port, workers=WORKERS, user=user, headers="\n        ".join(added))
    (folder / "nginx.conf").write_text(settings)
    command = [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    return Server(command, {"PATH": os.environ["PATH"]}, port)


def missing():
    """Return what is not installed, and what is not measured without it."""
    wanted = {
        "wrk": "the rates of servers (Debian: wrk)",
        "nginx": "the file that nginx sends (Debian: nginx-light)",
    }
    there = {name for name in wanted if shutil.which(name) or Path("/usr/sbin", name).exists()}
    return {name: what for name, what in wanted.items() if name not in there}
