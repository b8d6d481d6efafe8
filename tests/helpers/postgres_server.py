"""A PostgreSQL server with PostGIS for the length of a test: on loopback, on a free port, in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

SUPERUSER, DATABASE = "geoloop", "loop"
START_S = 60.0


def programs() -> Path | None:
    """The folder of the newest PostgreSQL on this machine that has PostGIS; None where there is none."""
    found = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "postgres").exists()
             and Path(f"/usr/share/postgresql/{folder.parent.name}/extension/postgis.control").exists()]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


class PostgresServer:
    """Starts when the block is entered, and is gone with all its data when it ends.

    PostgreSQL refuses to run as root, so root starts it as the user that Debian's package makes.
    """

    def __init__(self) -> None:
        folder = programs()
        if folder is None:
            raise FileNotFoundError("PostgreSQL with PostGIS is not installed")
        self._programs = folder
        self._as: list[str] = []
        self._folder = Path(tempfile.mkdtemp(prefix="geoloop-postgres-"))
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._as = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> PostgresServer:
        data, log = self._folder / "data", self._folder / "log"
        self._run("initdb", "-D", str(data), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-locale",
                  "--no-sync")
        with log.open("wb") as out:
            self._server = subprocess.Popen(
                [*self._as, str(self._programs / "postgres"), "-D", str(data), "-p", str(self.port),
                 "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off",
                 "-c", "max_connections=40", "-c", "shared_buffers=16MB"],
                stdout=out, stderr=subprocess.STDOUT, cwd=self._folder)
        try:
            self._wait(log)
            self.sql(f"CREATE DATABASE {DATABASE}", database="postgres")
            self.sql("CREATE EXTENSION postgis")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)  # fast: open connections are closed
            self._server.wait(timeout=START_S)
        shutil.rmtree(self._folder, ignore_errors=True)

    def sql(self, statement: str, database: str = DATABASE) -> str:
        """Run a statement in a connection of its own and return what it prints, unaligned, rows only."""
        return self._run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", SUPERUSER, "-d", database, "-AtqX",
                         "-v", "ON_ERROR_STOP=1", "-c", statement).strip()

    def uri(self, table: str, key: str = "fid", user: str = SUPERUSER) -> str:
        """The address of a table as QGIS writes it."""
        return (f"dbname='{DATABASE}' host=127.0.0.1 port={self.port} user='{user}' key='{key}' "
                f"checkPrimaryKeyUnicity='1' table=\"public\".\"{table}\" (geom)")

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run([*self._as, str(self._programs / program), *arguments], cwd=self._folder,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip()}")
        return done.stdout

    def _wait(self, log: Path) -> None:
        until = time.monotonic() + START_S
        while time.monotonic() < until and self._server is not None and self._server.poll() is None:
            ready = subprocess.run([str(self._programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)],
                                   capture_output=True, check=False)
            if ready.returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")
