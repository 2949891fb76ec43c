"""Pages in a real browser: nothing is cut or runs out of the window, on a desk and on a telephone."""

import shutil
import subprocess
from pathlib import Path

import httpx
import msgspec
import pytest
from PIL import Image

from fieldapp import ledger
from sync.headquarters import accounts
from sync.headquarters.office import Office
from tests.support import full_record, records
from tests.support.headquarters import PASSWORD, Chain, served

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def browser() -> str:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("Debian's chromium is not installed")
    return found


def shot(url: str, folder: Path, width: int, height: int) -> Image.Image:
    file = folder / f"{width}.png"
    command = [browser(), *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--window-size={width},{height}"]
    subprocess.run([*command, f"--screenshot={file}", url], check=True, capture_output=True, timeout=90)
    with Image.open(file) as drawn:
        return drawn.convert("RGB")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_sign_in_is_drawn_with_its_style(at: Office, tmp_path: Path, width: int, height: int) -> None:
    with served(at) as url:
        drawn = shot(f"{url}/sign-in", tmp_path, width, height)
    assert drawn.getpixel((width // 2, 4)) == (0x10, 0x20, 0x2C), "the head of the page"
    assert drawn.getpixel((4, height - 8)) == (0xF3, 0xF5, 0xF7), "the ground"
    accent = sum(
        drawn.getpixel((x, y)) == (0x0A, 0x57, 0xA4) for x in range(0, width, 3) for y in range(0, height, 3)
    )
    assert accent > 100, "the button and the ring round the first field"


@pytest.mark.parametrize("page", ["/reports?standing=all&verdict=hold", "/reports/{record}", "/figures"])
def test_a_whole_page_fits_a_narrow_window(at: Office, tmp_path: Path, page: str) -> None:
    """A page saved to a file and drawn 320 pixels wide: its right edge is ground from top to bottom."""
    chain = Chain(at)
    long_name = "Suryodaya" * 20
    parties = (records.consignment().parties[0].__class__(role="consignee", name=long_name),)
    full = msgspec.structs.replace(full_record.full().inspection, place=long_name, evidence=())
    made = msgspec.structs.replace(full, consignment=records.consignment(parties=parties))
    entry = chain.seal(records.record(inspection=made))
    chain.push()
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    with served(at) as url, httpx.Client(base_url=url, trust_env=False, follow_redirects=True) as client:
        client.post("/sign-in", data={"name": "Meera Iyer", "password": PASSWORD})
        page = client.get(page.replace("{record}", ledger.entry_id(entry).hex())).text
        style = client.get("/static/headquarters.css").text
    link = '<link rel="stylesheet" href="/static/headquarters.css">'
    assert link in page
    # A frame is 320 wide whatever the least width of a browser's window.
    inner = page.replace(link, f"<style>{style}</style>").replace('"', "&quot;")
    frame = f'<iframe srcdoc="{inner}" style="width:320px;height:7000px;border:0"></iframe>'
    file = tmp_path / "frame.html"
    file.write_text(f'<!doctype html><meta charset="utf-8"><body style="margin:0">{frame}', "utf-8")
    drawn = shot(file.as_uri(), tmp_path, 600, 7000)
    edge = {drawn.getpixel((317, y)) for y in range(400, 7000)}
    assert edge == {(0xF3, 0xF5, 0xF7)}
