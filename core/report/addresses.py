"""Where a layer lies, told so that a page can be handed on: no folders of the user's, no names, no passwords."""

from __future__ import annotations

import re
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import urlsplit

from .words import clean

_TABLE = re.compile(r"\|layername=([^|]+)")
_DATABASE = re.compile(r"\b(?:dbname|service)=(?:'([^']+)'|([^'\s]+))")
_DATABASE_TABLE = re.compile(r'\btable="?([^"\s(]+)"?(?:\."?([^"\s(]+)"?)?')
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://[^\s'\"&|]+")
_FOLDER = re.compile(r"""(?:\w+:)*["']?(?:~|\.{1,2})?/[^/]*/""")
"""How the path of a file in a folder begins: of Unix, of Windows as QGIS writes it (C:/…), of a part of a file
(NETCDF:"/…":name), with an encoder's name before it.
"""
_SECRET = re.compile(r"pass|secret|token|key$|auth|user", re.IGNORECASE)


def shown_address(uri: str) -> str:
    """A file's name and table, a database and its table, or a server: enough to recognise the layer by."""
    if not uri:
        return "not stated"
    database = _DATABASE.search(uri)
    if database:
        table = _DATABASE_TABLE.search(uri)
        named = _file_name(database.group(1) or database.group(2))
        names = [named, *(part for part in (table.groups() if table else ()) if part)]
        return clean(f"database {'.'.join(names)}")
    url = _URL.search(uri)
    if url:
        return clean(_server(url.group()))
    path, _, rest = uri.partition("|")
    table = _TABLE.search(f"|{rest}")
    name = _file_name(path)
    return clean(f"{name}, table {table.group(1)}" if table and table.group(1) != PurePosixPath(name).stem else name)


def _server(url: str) -> str:
    """The host and path of a web address, the name of a file."""
    try:
        parts = urlsplit(url)
        host, path = parts.hostname, parts.path
    except ValueError:  # brackets around what is no address
        host, slash, path = re.split(r"[?#]", url.partition("://")[2])[0].partition("/")
        host, path = host.rpartition("@")[2], slash + path
    return f"{host}{path.rstrip('/')}" if host else _file_name(path)


def shown_parameters(value: Any) -> Any:
    """Parameters of a run as they can be shown: addresses without folders, nothing secret, nothing empty."""
    if isinstance(value, dict):
        kept = {name: shown_parameters(inner) for name, inner in value.items() if not _SECRET.search(str(name)) or
                name == "key"}
        return {name: inner for name, inner in kept.items() if inner is not False and inner not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [shown_parameters(inner) for inner in value]
    if isinstance(value, str) and _is_address(value):
        return shown_address(value)
    return value


def _is_address(text: str) -> bool:
    return bool(_DATABASE.search(text) or _URL.search(text) or "\\" in text or _FOLDER.match(text))


def _file_name(path: str) -> str:
    return PureWindowsPath(path).name if "\\" in path else PurePosixPath(path).name
