from pathlib import Path

import pytest

from fieldapp.scan.picture import PictureMissing
from fieldapp.scan.reader import Reader
from tests.support import barcodes


def test_reads_previews_and_shrinks_a_file_or_content(tmp_path: Path) -> None:
    content = barcodes.encoded(barcodes.on_page(barcodes.code()))
    file = tmp_path / "pack.png"
    file.write_bytes(content)
    reader = Reader()
    assert reader.read(str(file)).symbols == reader.read(content=content).symbols
    assert reader.preview(str(file), width=320).width == 320
    assert reader.thumbnail(content=content)[:2] == b"\xff\xd8"


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    assert Reader().read(str(tmp_path / "none")).error == "picture-missing"
    with pytest.raises(PictureMissing):
        Reader().preview(str(tmp_path))
