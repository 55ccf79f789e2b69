from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """One parsed name; every text in lower case, Simplified characters, no accents.

    name_key      the comparable full name: Han without blanks (王伟), else the words as written
                  (wei wang); None unless kind is full
    kind          full; address (family name with a form of address: 王总, Mr Wang); partial (one
                  word, one character, a nickname); none (placeholder or no name at all)
    family_name   in the script it was written in; None when it can't be told
    latin_key     what all romanised spellings of the name share: 王伟, Wang Wei, Wei Wang and
                  wangwei give wangwei. Of an address: the family name. None without such a reading
    """

    name_key: str | None
    kind: str
    family_name: str | None
    latin_key: str

    @property
    def is_latin(self):
        return bool(self.name_key) and self.name_key.isascii()


def compatible(a, b):
    return a.name_key == b.name_key
