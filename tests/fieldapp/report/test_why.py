import pytest

from fieldapp.report.sections.why import _bracketed
from fieldapp.screening.hit import Span


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ((), "Yuanchang Tradng"),
        ((Span(4, 9),), "Yuan‹chang› Tradng"),
        ((Span(14, 15), Span(0, 4)), "‹Yuan›chang Trad‹n›g"),
        ((Span(10, 99),), "Yuanchang ‹Tradng›"),
        ((Span(4, 9), Span(6, 12)), "Yuan‹chang›‹ Tr›adng"),
        ((Span(5, 5), Span(50, 60)), "Yuanchang Tradng"),
    ],
)
def test_what_differs_is_bracketed_and_nothing_is_lost(spans, shown):
    assert _bracketed("Yuanchang Tradng", spans) == shown
