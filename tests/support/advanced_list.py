"""OFAC's advanced list in small: parties with names, dates and what else is said of them."""

from collections.abc import Mapping

# The reference values that parties may name: set -> number -> text.
VALUES: dict[str, dict[str, str]] = {
    "AliasType": {"1400": "A.K.A.", "1401": "F.K.A.", "1403": "Name"},
    "DetailReference": {"91526": "Male", "91527": "Female"},
    "FeatureType": {
        "8": "Birthdate", "10": "Nationality Country", "14": "Website", "21": "Email Address",
        "25": "Location", "26": "Title", "224": "Gender", "344": "Digital Currency Address - XBT",
    },
    "IDRegDocType": {"1571": "Passport", "1626": "Vessel Registration Identification"},
    "LocPartType": {"1451": "ADDRESS1", "1454": "CITY", "1456": "POSTAL CODE"},
    "NamePartType": {"1520": "Last Name", "1521": "First Name", "1525": "Entity Name", "1526": "Vessel Name"},
    "PartyType": {"1": "Individual", "2": "Entity", "4": "Transport"},
    "SanctionsType": {"1": "Program", "1705": "Block"},
}  # fmt: skip
COUNTRIES = {"11082": ("CU", "Cuba"), "11138": ("SA", "Saudi Arabia")}
PARTY_KINDS = {"1": ("4", "Vessel"), "3": ("2", "Unknown"), "4": ("1", "Unknown")}


def tag(name: str, *inside: str, **attributes: str) -> str:
    """Return an element with what is inside it and its attributes."""
    given = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(inside)}</{name}>"


def advanced(*parties: str, papers: str = "") -> str:
    """Return the whole list; `papers` are registration documents."""
    sets = [
        tag(f"{name}Values", *(tag(name, text, ID=number) for number, text in held.items()))
        for name, held in VALUES.items()
    ]
    lands = (tag("Country", name, ID=number, ISO2=code) for number, (code, name) in COUNTRIES.items())
    kinds = (
        tag("PartySubType", name, ID=number, PartyTypeID=kind) for number, (kind, name) in PARTY_KINDS.items()
    )
    value = tag("LocationPartValue", tag("Value", "Havana"), Primary="true")
    places = (
        tag(
            "Location",
            tag("LocationCountry", CountryID="11082"),
            tag("LocationPart", value, LocPartTypeID="1454"),
            ID="48",
        ),
        tag("Location", tag("LocationCountry", CountryID="11138"), ID="49"),
    )
    listed = tag(
        "SanctionsEntry",
        tag("EntryEvent", tag("Date", _day("1986-12-10"))),
        tag("SanctionsMeasure", tag("Comment", "CUBA"), SanctionsTypeID="1"),
        tag("SanctionsMeasure", tag("Comment"), SanctionsTypeID="1705"),
        ID="1",
        ProfileID="36",
    )
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tag(
        "Sanctions",
        tag("ReferenceValueSets", *sets, tag("CountryValues", *lands), tag("PartySubTypeValues", *kinds)),
        tag("Locations", *places),
        tag("IDRegDocuments", papers),
        tag("DistinctParties", *parties),
        tag("SanctionsEntries", listed),
        xmlns="http://www.un.org/sanctions/1.0",
    )


def alias(kind: str, parts: Mapping[str, str] | list[Mapping[str, str]], **flags: str) -> tuple[str, str]:
    """Return an alias of one or more writings as its markup and that of its name part groups."""
    writings = parts if isinstance(parts, list) else [parts]
    groups = "".join(tag("NamePartGroup", ID=f"9{part}", NamePartTypeID=part) for part in writings[0])
    names = [
        tag(
            "DocumentedName",
            *(
                tag("DocumentedNamePart", tag("NamePartValue", text, NamePartGroupID=f"9{part}"))
                for part, text in writing.items()
            ),
        )
        for writing in writings
    ]
    return tag("Alias", *names, AliasTypeID=kind, **flags), groups


def party(number: str, kind: str, *aliases: tuple[str, str], said: str = "") -> str:
    """Return one party; its identity is 7 and its number."""
    groups = tag("NamePartGroups", tag("MasterNamePartGroup", *(one[1] for one in aliases)))
    identity = tag("Identity", *(one[0] for one in aliases), groups, ID=f"7{number}", Primary="true")
    profile = tag("Profile", identity, said, ID=number, PartySubTypeID=kind)
    return tag("DistinctParty", tag("Comment"), profile, FixedRef=number)


def born(first: str, last: str) -> str:
    """Return a birth date between two days (ISO 8601; 0 where nobody knows)."""
    start = tag("Start", tag("From", _day(first)))
    end = tag("End", tag("To", _day(last)))
    return tag("Feature", tag("FeatureVersion", tag("DatePeriod", start, end)), FeatureTypeID="8")


def said(feature: str, text: str = "", *, reference: str = "", place: str = "") -> str:
    """Return a feature that is a text, a reference value or a place."""
    where = tag("VersionLocation", LocationID=place) if place else ""
    what = tag("VersionDetail", text, DetailReferenceID=reference) if text or reference else ""
    return tag("Feature", tag("FeatureVersion", where, what), FeatureTypeID=feature)


def paper(kind: str, of: str, number: str) -> str:
    """Return a registration document of the party `of`."""
    return tag("IDRegDocument", tag("IDRegistrationNo", number), IDRegDocTypeID=kind, IdentityID=f"7{of}")


def _day(date: str) -> str:
    return "".join(
        tag(part, text) for part, text in zip(("Year", "Month", "Day"), date.split("-"), strict=True)
    )
