"""How people, companies and numbers are named and written in English-speaking markets."""

from tests.identity_world import words
from tests.identity_world.language import CompanyName, Dice, Name, Weighted, mistyped

_LEGAL_FORMS = Weighted(words.LEGAL_EN)
_SPELLINGS = {
    "Inc.": ("Inc", "Incorporated", "Inc."), "LLC": ("LLC", "L.L.C.", "llc"),
    "Ltd": ("Limited", "Ltd.", "LTD"), "Corp.": ("Corporation", "Corp"), "GmbH": ("GmbH", "Gmbh"),
}  # fmt: skip


class English:
    """See `Language`."""

    free_mail = Weighted(words.FREE_MAIL_EN)
    role_locals = words.ROLE_LOCALS_EN
    titles = words.TITLES_EN
    junk_companies = words.JUNK_COMPANIES_EN
    mail_suffixes = (".com", ".io", ".co.uk", ".net")
    country = "US"

    # -- people

    def name(self, dice: Dice) -> Name:
        given = dice.choice(list(words.FIRST_NAMES))
        family = dice.choice(words.LAST_NAMES)
        middle = f" {dice.choice('ABCDEFGHJKLMRST')}." if dice.chance(0.08) else ""
        return self._named(given, middle, family)

    def married(self, dice: Dice, name: Name) -> Name:
        """Somebody who takes another family name."""
        return self._named(name.given, "", dice.choice(words.LAST_NAMES))

    def _named(self, given: str, middle: str, family: str) -> Name:
        latin = family.translate(str.maketrans({"ü": "u", "'": ""})).lower()
        return Name(
            full=f"{given}{middle} {family}",
            family=family,
            given=given,
            latin_family=latin,
            latin_given=given.lower(),
            nickname=f"{words.FIRST_NAMES[given]} {family}",
        )

    def honorific(self, dice: Dice, name: Name) -> str:
        return f"{dice.choice(('Mr', 'Mr.', 'Ms', 'Ms.', 'Mrs', 'Dr.'))} {name.family}"

    def romanised(self, dice: Dice, name: Name) -> str:
        return dice.choice((f"{name.family}, {name.given}", f"{name.given[0]}. {name.family}"))

    def name_typo(self, dice: Dice, full: str) -> str:
        return mistyped(dice, full)

    def traditional(self, text: str) -> str:
        return text.upper()

    # -- numbers: national ten digits; +1 is implied

    def mobile(self, dice: Dice) -> str:
        area = dice.choice(list(words.CITIES_EN.values()))
        return f"{area}{dice.choice('23456789')}{dice.choice('02345678')}{dice.digits(5)}"

    def written_mobile(self, dice: Dice, number: str) -> str:
        area, exchange, line = number[:3], number[3:6], number[6:]
        return dice.choice(
            (f"+1 {area} {exchange} {line}", f"+1{number}", f"+1 ({area}) {exchange}-{line}",
             f"({area}) {exchange}-{line}", f"{area}.{exchange}.{line}", f"001{number}",
             f"1-{area}-{exchange}-{line}")
        )  # fmt: skip

    def landline(self, dice: Dice, city: str) -> str:
        exchange = dice.choice("23456789") + dice.choice("02345678")
        return f"{words.CITIES_EN[city]}{exchange}{dice.digits(5)}"

    def written_landline(self, dice: Dice, number: str) -> str:
        extension = dice.choice(
            ("", "", f" ext. {dice.randint(100, 999)}", f" x{dice.randint(10, 99)}")
        )
        return f"+1 {number[:3]}-{number[3:6]}-{number[6:]}{extension}"

    def junk_phone(self, dice: Dice) -> str:
        return dice.choice(
            ("+1 555 555 5555", "1234567890", "0000000000", "n/a", "none", "+1 111 111 1111", "999")
        )

    # -- companies

    def company(self, dice: Dice) -> CompanyName:
        return self._company(dice, dice.choice(words.BRANDS_EN) + self._second(dice))

    def subsidiary(self, dice: Dice, parent: CompanyName) -> CompanyName:
        return self._company(dice, parent.short)

    def _second(self, dice: Dice) -> str:
        style = dice.random()
        if style < 0.35:
            return f" {dice.choice(words.BRANDS_EN)}"
        return f" & {dice.choice(words.LAST_NAMES)}" if style < 0.5 else ""

    def _company(self, dice: Dice, brand: str) -> CompanyName:
        business = dice.choice(words.BUSINESS_EN)
        city = dice.choice(list(words.CITIES_EN))
        letters = "".join(char for char in brand.lower() if char.isascii() and char.isalpha())
        form = _LEGAL_FORMS.draw(dice)
        return CompanyName(
            legal=f"{brand} {business} {form}",
            brand=f"{brand} {business}",
            short=brand,
            city=city,
            domain=letters + dice.choice(("", business.lower(), business.lower()[:4])),
        )

    def branch(self, dice: Dice, name: CompanyName) -> str:
        return f"{name.legal} ({dice.choice(list(words.CITIES_EN))} office)"

    def respelt_company(self, dice: Dice, name: CompanyName) -> str:
        """The same name in another spelling of the legal form, case or blanks."""
        form = name.legal.rsplit(" ", 1)[1]
        return dice.choice(
            (
                f"{name.brand} {dice.choice(_SPELLINGS[form])}",
                f"{name.brand}, {form}",
                name.legal.upper(),
                name.legal.lower(),
                name.legal.replace("&", "and"),
                f" {name.legal} ",
            )
        )

    def short_names(self, name: CompanyName) -> tuple[str, ...]:
        """What its people call it."""
        return name.short, name.brand

    def loose_names(self, name: CompanyName) -> tuple[str, ...]:
        """Without the legal form, or with an article."""
        return name.brand, f"The {name.legal}"
