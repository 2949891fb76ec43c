import re

import httpx

from sync.headquarters import metrics
from sync.headquarters.office import Office
from tests.support.headquarters import Chain, served

LINE = re.compile(r'^fieldapp_[a-z_]+(\{[a-z]+="[a-z]+"(,[a-z]+="[a-z]+")*\})? \d+$')


def test_the_page_is_in_the_exposition_format_and_names_nobody(at: Office) -> None:
    chain = Chain(at)
    chain.seal()
    chain.push()
    told = metrics.exposition(at)
    assert told.endswith("\n")
    types = [line.split()[2] for line in told.splitlines() if line.startswith("# TYPE ")]
    assert len(types) == len(set(types))
    for line in told.splitlines():
        assert line.startswith("# TYPE ") or LINE.match(line), line
    assert 'fieldapp_reports{realm="real",standing="waiting"} 1' in told
    assert 'fieldapp_reports{realm="practice",standing="waiting"} 0' in told
    assert "fieldapp_records 1" in told
    assert "Nair" not in told


def test_it_is_told_to_this_machine_or_to_the_token(at: Office) -> None:
    with served(at) as url, httpx.Client(base_url=url, trust_env=False) as client:
        assert client.get("/metrics").status_code == 200
        assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.9"}).status_code == 403
        (at.home / "metrics.token").write_text("long-token\n", "utf-8")
        assert client.get("/metrics").status_code == 403
        assert client.get("/metrics", headers={"Authorization": "Bearer nothing"}).status_code == 403
        answer = client.get("/metrics", headers={"Authorization": "Bearer long-token"})
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert client.get("/healthz").text == "ok"


def test_an_empty_token_opens_nothing(at: Office) -> None:
    (at.home / "metrics.token").write_text("", "utf-8")
    assert not metrics.may_ask(at, "127.0.0.1", False, "Bearer ")
