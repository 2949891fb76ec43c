"""Over HTTPS, with httpx. Plain HTTP is carried to this machine's own loopback address and nowhere else.

There is a limit on silence, none on the whole: a slow line may take all day as long as it moves. Redirects
are not followed, the environment's proxies are not used.
"""

import ipaddress
import socket
import ssl

import httpx

from sync.transport import AddressRefused, Call, HeadquartersUnreachable, Reply
from sync.wire import CONTENT_TYPE, MAX_FRAME, PATCH_BYTES, FrameRefused

STALL_SECONDS = 30.0
CONNECT_SECONDS = 15.0
# What the system takes off our hands before it is sent. On a line of 5 KB/s a large one would swallow a photo
# whole, and the minutes until it is really out would look like silence.
SEND_BUFFER = 32_768
_MOST = MAX_FRAME * 4 + PATCH_BYTES  # bytes of an answer that are read at all


def check_address(url: str) -> httpx.URL:
    """Return the address of headquarters; refuses one that would carry the exchange in the clear."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        raise AddressRefused(why="form") from None
    if not address.host or address.userinfo or address.query or address.fragment:
        raise AddressRefused(why="form")
    if address.scheme == "https" or (address.scheme == "http" and _is_loopback(address.host)):
        return address
    raise AddressRefused(why="clear")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Https:
    """One headquarters over HTTPS. `trust` knows headquarters' own CA, where it has one."""

    def __init__(
        self, url: str, *, stall_seconds: float = STALL_SECONDS, trust: ssl.SSLContext | None = None
    ) -> None:
        self._client = httpx.Client(
            base_url=check_address(url),
            timeout=httpx.Timeout(stall_seconds, connect=min(CONNECT_SECONDS, stall_seconds)),
            follow_redirects=False,
            trust_env=False,
            transport=httpx.HTTPTransport(
                verify=_tls(trust),
                trust_env=False,
                limits=httpx.Limits(max_connections=1),
                socket_options=[(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)],
            ),
        )
        self._client.headers.clear()  # a question without news is a few hundred bytes: every header counts

    def carry(self, call: Call) -> Reply:
        """Send `call`; every failure of the line is one error that says which."""
        try:
            with self._client.stream(
                call.method,
                call.path,
                content=call.body or None,
                headers=_headers(call),
                params={"offset": str(call.offset)} if call.method == "GET" else None,
            ) as response:
                body = bytearray()
                for chunk in response.iter_raw():
                    body += chunk
                    if len(body) > _MOST:
                        raise FrameRefused(why="size")
                return Reply(status=response.status_code, body=bytes(body))
        except httpx.TimeoutException:
            raise HeadquartersUnreachable(why="stalled") from None
        except httpx.ConnectError:
            raise HeadquartersUnreachable(why="connect") from None
        except httpx.HTTPError:
            raise HeadquartersUnreachable(why="cut") from None

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def trust_only(authorities: tuple[str, ...]) -> ssl.SSLContext | None:
    """Return a context that trusts `authorities` (PEM) and nobody else; None for none: the system decides."""
    if not authorities:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata="".join(authorities))
    return context


def _tls(trust: ssl.SSLContext | None) -> ssl.SSLContext:
    """Return the context to speak TLS 1.3, and nothing older, with."""
    context = trust if trust is not None else ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _headers(call: Call) -> dict[str, str]:
    headers = {"Accept-Encoding": "identity"}
    if call.token:
        headers["Authorization"] = f"Bearer {call.token}"
    if call.method == "PATCH":
        headers |= {"Content-Type": "application/octet-stream", "Upload-Offset": str(call.offset)}
    elif call.method == "POST":
        headers["Content-Type"] = CONTENT_TYPE
    return headers
