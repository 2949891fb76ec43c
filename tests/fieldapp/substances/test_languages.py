import pytest

from fieldapp.substances.languages import skeleton, sound
from fieldapp.substances.normal import normalise
from fieldapp.substances.reader import reader


def found(text: str) -> list[str]:
    ready = reader()
    return [ready.lists.substances[one.substance].name for one in ready.tongues.find(normalise(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("уксусный ангидрид, 200 кг", ["Acetic anhydride"]),
        ("партия ацетона", ["Acetone"]),
        ("Карфентанил", ["Carfentanil"]),
        ("बुप्रेनोर्फिन", ["Buprenorphine"]),
        ("1-苯基-2-丙酮", ["1-Phenyl-2-propanone"]),
        ("丙酮 和 甲苯", ["Acetone", "Toluene"]),
        ("麻黄碱盐酸盐", ["Ephedrine"]),
    ],
)
def test_names_in_other_scripts(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text", ["丙酮酸", "甲苯磺酸", "хлопковые рубашки", "सूती कमीज", "中国制造 棉布", "ацетонитрил"]
)
def test_other_words_are_no_names(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("one", "other"), [("ephedrine", "efedrin"), ("phentanyl", "fentanil"), ("acetone", "atseton")]
)
def test_what_sounds_alike_is_written_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)
    assert skeleton(sound(one)) == skeleton(sound(other))
