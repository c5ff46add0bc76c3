"""One POST to an address that somebody typed in: it must not reach into our own network, wait forever or wander off.

The name is looked up once, the answers are checked, and the connection goes to a checked address: a name that points
elsewhere a moment later changes nothing. Redirects are not followed.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from urllib.parse import SplitResult, urlsplit

from lms_webhooks.message import Message
from lms_webhooks.settings import WebhookSettings

TIMEOUT = 10.0

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")


class NotDeliveredError(Exception):
    """The message has not arrived; the sentence says why. The outbox will try again."""


def send(message: Message, settings: WebhookSettings) -> None:
    """Deliver `message`, or raise NotDeliveredError."""
    url = urlsplit(settings.url)
    place = url.hostname or ""
    addresses = _allowed(place, _look_up(url), settings)
    headers = message.headers(settings.secret, int(time.time()))
    try:
        status = _post(url, addresses, message.body, headers)
    except TimeoutError as error:
        raise NotDeliveredError(f"{place} did not answer within {TIMEOUT:.0f} seconds.") from error
    except ssl.SSLError as error:
        raise NotDeliveredError(f"{place} has no certificate that can be trusted: {error}") from error
    except (OSError, http.client.HTTPException) as error:
        raise NotDeliveredError(f"{place} could not be reached: {error or type(error).__name__}") from error
    if 300 <= status < 400:
        raise NotDeliveredError(f"{place} answered {status}, a redirect. Enter the final address instead.")
    if not 200 <= status < 300:
        raise NotDeliveredError(f"{place} did not take the message: it answered {status}.")


def _port(url: SplitResult) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _look_up(url: SplitResult) -> list[Address]:
    try:
        found = socket.getaddrinfo(url.hostname, _port(url), type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotDeliveredError(f"There is no address for {url.hostname}: {error}") from error
    return [ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in found]


def _allowed(place: str, found: Sequence[Address], settings: WebhookSettings) -> list[Address]:
    """`found`, if all of them may be reached. One forbidden address among others is reason enough to stop."""
    plain = urlsplit(settings.url).scheme == "http"
    for address in found:
        if plain and not address.is_loopback:
            raise NotDeliveredError(f"{place} is not this computer: use https.")
        if not settings.allow_local and not is_public(address):
            raise NotDeliveredError(f"{place} is inside a private network ({address}): nothing was sent.")
    return list(dict.fromkeys(found))


def is_public(address: Address) -> bool:
    """Whether the address is out on the internet; one that wraps an IPv4 address is judged by that."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
        if address.is_site_local or address in LOCAL_NAT64:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _post(url: SplitResult, addresses: Sequence[Address], body: bytes, headers: Mapping[str, str]) -> int:
    """The status that the other side answers. Its text is not read."""
    until = time.monotonic() + TIMEOUT
    connection = _speak(url)
    connected = _connect(addresses, _port(url), until)
    # Each step has a time-out of its own. This one ends the whole, also for an answer that comes byte by byte.
    handle = connected.dup()
    timer = threading.Timer(max(0.0, until - time.monotonic()), _hang_up, (handle,))
    timer.start()
    try:
        connection.sock = _secured(url, connected)
        connection.request("POST", _target(url), body, dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() >= until:
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        timer.join()
        handle.close()
        connection.close()
        connected.close()


def _connect(addresses: Sequence[Address], port: int, until: float) -> socket.socket:
    """A connection to the first address that answers."""
    problem: OSError = TimeoutError()
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            return socket.create_connection((str(address), port), timeout=left)
        except OSError as error:
            problem = error
    raise problem


def _speak(url: SplitResult) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    return kind(url.hostname or "", _port(url), timeout=TIMEOUT)


def _secured(url: SplitResult, connected: socket.socket) -> socket.socket:
    """The connection, for https with a certificate that is good for the name and not only for the address."""
    if url.scheme != "https":
        return connected
    return ssl.create_default_context().wrap_socket(connected, server_hostname=url.hostname)


def _target(url: SplitResult) -> str:
    return (url.path or "/") + (f"?{url.query}" if url.query else "")


def _hang_up(handle: socket.socket) -> None:
    with contextlib.suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)
