from dataclasses import dataclass
@dataclass(frozen=True)
class Name:
    name_key: str
    kind: str
    family_name: str | None
    latin_key: str
    @property
    def is_latin(self): return bool(self.name_key) and self.name_key.isascii()
def compatible(a, b): return a.name_key == b.name_key
