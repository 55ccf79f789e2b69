"""From parameters to a written world."""

from pathlib import Path

from tests.identity_world.channels import Channels
from tests.identity_world.crm import Crm
from tests.identity_world.files import write_extracts, write_truth
from tests.identity_world.parameters import Parameters
from tests.identity_world.population import Population
from tests.identity_world.records import Book


def build(parameters: Parameters, folder: Path) -> Book:
    """Write `folder`/extracts and `folder`/truth; the same parameters give the same bytes.

    A folder that has a world in it raises FileExistsError: two worlds in one would be neither.
    """
    if (folder / "extracts").exists() or (folder / "truth").exists():
        raise FileExistsError(f"{folder} has a world in it already: name another folder")
    population = Population(parameters)
    book = Book()
    channels = Channels(population, book)
    channels.run()
    Crm(population, book, channels).run()
    write_extracts(book, folder / "extracts", parameters.seed, parameters.repeated_row)
    write_truth(book, folder / "truth")
    return book
