"""What a component of a GS1 element string must satisfy: one small function a rule, one list of them all.

Promises: each rule takes the characters of one component and returns None or the first fault, with its
place; the names of rules and faults follow the GS1 Barcode Syntax Tests, so that a finding can be looked
up. Refuses: nothing is raised on any text.
"""

from collections.abc import Callable, Mapping

from fieldapp.identifiers.rules import characters, codes, coupons, dates, numbers, prefixes
from fieldapp.identifiers.rules.fault import Fault

Rule = Callable[[str], Fault | None]

RULES: Mapping[str, Rule] = {
    "csetnumeric": characters.digits,
    "cset82": characters.set_82,
    "cset39": characters.set_39,
    "cset64": characters.set_64,
    "hasnondigit": characters.has_non_digit,
    "hyphen": characters.hyphen,
    "pcenc": characters.percent_encoded,
    "importeridx": characters.importer_index,
    "csum": numbers.check_digit,
    "csumalpha": numbers.check_pair,
    "iban": numbers.iban,
    "zero": numbers.zero,
    "nonzero": numbers.non_zero,
    "nozeroprefix": numbers.no_zero_prefix,
    "pieceoftotal": numbers.piece_of_total,
    "posinseqslash": numbers.position_in_sequence,
    "latitude": numbers.latitude,
    "longitude": numbers.longitude,
    "gcppos1": prefixes.from_first,
    "gcppos2": prefixes.from_second,
    "iso3166": codes.country,
    "iso3166999": codes.country_or_999,
    "iso3166alpha2": codes.country_letters,
    "iso4217": codes.currency,
    "iso5218": codes.sex,
    "mediatype": codes.media,
    "packagetype": codes.package,
    "winding": codes.winding,
    "yesno": codes.yes_no,
    "yymmdd": dates.yymmdd,
    "yymmd0": dates.yymmd0,
    "yyyymmdd": dates.yyyymmdd,
    "yyyymmd0": dates.yyyymmd0,
    "hhmi": dates.hhmi,
    "hh": dates.hh,
    "mi": dates.mi,
    "ss": dates.ss,
    "couponcode": coupons.coupon,
    "couponposoffer": coupons.positive_offer,
}
