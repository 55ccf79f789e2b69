"""How mainland Chinese people, companies and numbers are named and written."""

from tests.identity_world import words
from tests.identity_world.language import (
    CompanyName,
    Dice,
    Name,
    Weighted,
    full_width,
)

_TO_TRADITIONAL = str.maketrans(words.TRADITIONAL)
_LEGAL_FORMS = Weighted({"有限公司": 70, "股份有限公司": 14, "有限责任公司": 16})
_MOBILE_PREFIXES = (
    "130", "131", "132", "133", "134", "135", "136", "137", "138", "139", "145", "147", "150",
    "151", "152", "153", "155", "156", "157", "158", "159", "166", "167", "170", "171", "172",
    "173", "175", "176", "177", "178", "180", "181", "182", "183", "184", "185", "186", "187",
    "188", "189", "191", "198", "199",
)  # fmt: skip


class Chinese:
    """See `Language`."""

    free_mail = Weighted(words.FREE_MAIL_ZH)
    role_locals = words.ROLE_LOCALS_ZH
    titles = words.TITLES
    junk_companies = words.JUNK_COMPANIES_ZH
    mail_suffixes = (".com", ".cn", ".com.cn", ".net")
    country = "CN"

    def __init__(self) -> None:
        self._surnames = Weighted({word: weight for word, (_, weight) in words.SURNAMES.items()})
        self._given = Weighted({word: weight for word, (_, weight) in words.GIVEN.items()})
        self._cities = Weighted({word: weight for word, (_, weight) in words.CITIES.items()})

    # -- people

    def name(self, dice: Dice) -> Name:
        family = self._surnames.draw(dice)
        given = self._given.draw(dice)
        if dice.chance(0.68):
            given += self._given.draw(dice)
        return Name(
            full=family + given,
            family=family,
            given=given,
            latin_family=words.SURNAMES[family][0],
            latin_given="".join(words.GIVEN[char][0] for char in given),
            nickname=dice.choice(
                (*words.NICKNAMES, "小" + family[0], "老" + family[0], "阿" + given[-1])
            ),
        )

    def married(self, dice: Dice, name: Name) -> Name:  # noqa: ARG002
        """The same name: marriage changes none in China."""
        return name

    def honorific(self, dice: Dice, name: Name) -> str:
        return (
            name.family
            + dice.choices(
                ("总", "经理", "先生", "女士", "工", "老师", "主任"),
                weights=(30, 18, 20, 18, 8, 4, 2),
            )[0]
        )

    def romanised(self, dice: Dice, name: Name) -> str:
        family, given = name.latin_family.title(), name.latin_given.title()
        return dice.choice((f"{family} {given}", f"{given} {family}", f"{given}{family}".lower()))

    def name_typo(self, dice: Dice, full: str) -> str:
        places = [place for place, char in enumerate(full) if char in words.HOMOPHONES]
        if not places:
            return full + full[-1] if len(full) == 2 else full[:-1]
        place = dice.choice(places)
        return full[:place] + words.HOMOPHONES[full[place]] + full[place + 1 :]

    def traditional(self, text: str) -> str:
        return text.translate(_TO_TRADITIONAL)

    # -- numbers

    def mobile(self, dice: Dice) -> str:
        return dice.choice(_MOBILE_PREFIXES) + dice.digits(8)

    def written_mobile(self, dice: Dice, number: str) -> str:
        grouped = f"{number[:3]} {number[3:7]} {number[7:]}"
        return dice.choice(
            (
                f"+86{number}", f"+86 {grouped}", f"86{number}", f"0086{number}", f"86-{number}",
                grouped, grouped.replace(" ", "-"), f" {number} ", full_width(number), f"0{number}",
                f"(+86){number}", f"{number}　", f"{number}（微信同号）", f"手机{number}",
            )
        )  # fmt: skip

    def landline(self, dice: Dice, city: str) -> str:
        return f"{words.AREA_CODES[city]}{dice.choice('23568')}{dice.digits(7)}"

    def written_landline(self, dice: Dice, number: str) -> str:
        area = number[: 3 if number[1] in "12" else 4]
        local = number[len(area) :]
        return dice.choice(
            (f"{area}-{local}", number, f"({area}){local}", f"+86 {area[1:]} {local}",
             f"{area}-{local}-{dice.randint(8001, 8899)}",
             f"{area}-{local}转{dice.randint(601, 699)}")
        )  # fmt: skip

    def junk_phone(self, dice: Dice) -> str:
        style = dice.random()
        if style < 0.35:
            return dice.choice(
                ("13800138000", "13888888888", "13900000000", "12345678901", "13812345678")
            )
        if style < 0.65:
            return dice.choice(("13", "15", "18")) + dice.choice("0123456789") * 9
        if style < 0.85:
            return dice.choice(("138", "139", "150", "186")) + dice.choice(
                ("00001111", "12341234", "11112222", "00000001", "12345678", "66668888")
            )
        return dice.choice(("11111111111", "0", "无", "1", "000", "不方便", "123456", "x"))

    # -- companies

    def company(self, dice: Dice) -> CompanyName:
        city = self._cities.draw(dice)
        chars = dice.choices(list(words.BRAND), k=3 if dice.chance(0.4) else 2)
        return self._named(dice, city, "".join(chars))

    def subsidiary(self, dice: Dice, parent: CompanyName) -> CompanyName:
        """Another legal person of the group: same brand, other city or other business."""
        city = parent.city if dice.chance(0.35) else self._cities.draw(dice)
        return self._named(dice, city, parent.short)

    def _named(self, dice: Dice, city: str, brand: str) -> CompanyName:
        sound = "".join(words.BRAND[char] for char in brand)
        business = dice.choice(list(words.BUSINESS))
        form = self._form(dice)
        core = brand + business
        style = dice.random()
        if style < 0.72:
            legal = f"{city}{'市' if dice.chance(0.15) else ''}{core}{form}"
        elif style < 0.86:
            legal = f"{brand}{business}（{city}）{form}"
        else:
            legal = f"{core}{form}"
        return CompanyName(legal, core, brand, city, sound + words.BUSINESS[business])

    def _form(self, dice: Dice) -> str:
        return ("集团" if dice.chance(0.06) else "") + _LEGAL_FORMS.draw(dice)

    def branch(self, dice: Dice, name: CompanyName) -> str:
        return f"{name.legal}{self._cities.draw(dice)}分公司"

    def respelt_company(self, dice: Dice, name: CompanyName) -> str:
        """The same name in another spelling: width, script, blanks, brackets, 有限责任公司."""
        legal = name.legal
        return dice.choice(
            (
                legal.replace("（", "(").replace("）", ")"),
                legal.replace("（", "").replace("）", ""),
                legal.replace("有限责任公司", "有限公司"),
                self.traditional(legal),
                f"　{legal} ",
                " ".join((legal[:4], legal[4:])),
                f"{legal}。",
            )
        )

    def short_names(self, name: CompanyName) -> tuple[str, ...]:
        """What its people call it: the brand, with half or all of the business."""
        return name.short, name.brand[: len(name.short) + 2], name.brand

    def loose_names(self, name: CompanyName) -> tuple[str, ...]:
        """Without the city, or with another legal form."""
        legal = name.legal
        return (
            legal.replace("股份有限公司", "有限公司"),
            legal.removeprefix(name.city).removeprefix("市"),
            legal.replace("有限责任公司", "公司").replace("有限公司", "公司"),
        )
