"""S3 to test with: a server that speaks it over HTTP on a loopback port, and buckets of its own.

The address and the keys stand in the environment, where headquarters looks for them as any client of S3 does.
"""

import atexit
import logging
import os
from functools import lru_cache

import httpx
from moto.server import ThreadedMotoServer

from fieldapp import ids

KEYS = {"AWS_ACCESS_KEY_ID": "fieldapp", "AWS_SECRET_ACCESS_KEY": "not a secret", "AWS_REGION": "us-east-1"}


@lru_cache(maxsize=1)
def _server() -> str:
    """Start the server; return its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it tells of every request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    atexit.register(server.stop)
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    os.environ.update(KEYS, AWS_ENDPOINT_URL=address, AWS_ALLOW_HTTP="true")
    return address


def fresh() -> str:
    """Make an empty bucket; return its address."""
    name = "b" + ids.uuid7().replace("-", "")
    httpx.put(f"{_server()}/{name}", trust_env=False).raise_for_status()
    return f"s3://{name}/headquarters"
