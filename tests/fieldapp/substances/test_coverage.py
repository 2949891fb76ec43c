from pathlib import Path

from fieldapp.substances import coverage, lists

PAGE = Path(__file__).resolve().parents[3] / "docs" / "substances.md"
KNOWN = lists.read()


def test_the_page_in_the_documentation_is_current() -> None:
    assert PAGE.read_text("utf-8") == coverage.page(KNOWN)


def test_every_unchecked_row_stands_on_the_page() -> None:
    page = coverage.page(KNOWN)
    for one in KNOWN.substances.values():
        for row in one.listings:
            if row.verified == "no":
                assert f"| {one.name} | {one.cas} | {row.label} |" in page


def test_every_unchecked_name_in_another_script_stands_on_the_page() -> None:
    page = coverage.page(KNOWN)
    assert all(row["name"] in page for row in lists.rows("names_languages.csv") if row["verified"] == "no")
