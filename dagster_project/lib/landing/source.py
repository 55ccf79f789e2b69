"""Bytes of a delivered file: hash, decompression, decoding to UTF-8.

Belongs here: everything before a record is recognised. A file is read twice through one open
handle: once for its hash (which names the batch) and once to be parsed; a checksum and the file's
stat prove that both passes saw the same bytes.
"""

import codecs
import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from dagster_project.lib.landing.errors import (
    ChangedWhileReadError,
    FileRefusedError,
    WrongEncodingError,
)

READ_BYTES = 1 << 20

_GZIP_MAGIC = b"\x1f\x8b"
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class ContentId:
    """What a file holds. sha256 (hex), crc32 and length in bytes are those after decompression."""

    sha256: str
    crc32: int
    length: int


def stat_signature(stat: os.stat_result) -> str:
    """Changes whenever the file was written to, replaced or touched."""
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_ino}"


def identify(file: BinaryIO) -> ContentId:
    """Hash the content of an open file. Raises FileRefusedError when a gzip file is broken."""
    sha256, crc32, length = hashlib.sha256(), 0, 0
    for block in _content(file):
        sha256.update(block)
        crc32 = zlib.crc32(block, crc32)
        length += len(block)
    return ContentId(sha256.hexdigest(), crc32, length)


def raw_sha256(file: BinaryIO) -> str:
    """Hash (hex) of the bytes as delivered, for a file that cannot be decompressed."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


class CheckedContent:
    """The content of an open file as UTF-8, once more, with a proof that it is what was hashed.

    Iterate `utf8_blocks` to the end, then call `verify`.
    """

    def __init__(self, file: BinaryIO, identity: ContentId):
        self._file = file
        self._identity = identity
        self._crc32 = 0
        self._length = 0

    def utf8_blocks(self, encoding: str) -> Iterator[bytes]:
        """Blocks of UTF-8 without byte order mark, cut anywhere, even inside a character.

        What claims to be UTF-8 is passed on unchecked: readers check whole records (is_utf8).
        Raises WrongEncodingError when the bytes are not text in another `encoding`.
        """
        self._crc32 = self._length = 0
        blocks = self._counted()
        if encoding == "utf-8":
            yield from blocks
        elif encoding == "utf-8-sig":
            first = next(blocks, b"")
            yield first.removeprefix(codecs.BOM_UTF8)
            yield from blocks
        else:
            decoder = codecs.getincrementaldecoder(encoding)("strict")
            try:
                for block in blocks:
                    yield decoder.decode(block).encode()
                yield decoder.decode(b"", final=True).encode()
            except UnicodeError as error:
                raise WrongEncodingError(encoding) from error

    def verify(self) -> None:
        """Raise ChangedWhileReadError unless the last run through was the hashed content."""
        if (self._crc32, self._length) != (self._identity.crc32, self._identity.length):
            raise ChangedWhileReadError

    def _counted(self) -> Iterator[bytes]:
        try:
            for block in _content(self._file):
                self._crc32 = zlib.crc32(block, self._crc32)
                self._length += len(block)
                yield block
        except FileRefusedError as error:  # it decompressed well a moment ago
            raise ChangedWhileReadError from error


def candidate_encodings(file: BinaryIO, declared: tuple[str, ...]) -> tuple[str, ...]:
    """Encodings to try, in order: what the byte order mark says, else UTF-8 and the declared."""
    first = next(_content(file), b"")[:4]
    for mark, encoding in _BYTE_ORDER_MARKS:
        if first.startswith(mark):
            return (encoding,)
    by_codec = {codecs.lookup(name).name: name for name in reversed(("utf-8", *declared))}
    return tuple(dict.fromkeys(by_codec[codecs.lookup(n).name] for n in ("utf-8", *declared)))


def _content(file: BinaryIO) -> Iterator[bytes]:
    """Decompressed blocks from the start. The first bytes decide, not the name of the file."""
    file.seek(0)
    is_gzip = file.read(2) == _GZIP_MAGIC
    file.seek(0)
    if not is_gzip:
        while block := file.read(READ_BYTES):
            yield block
        return
    try:
        with gzip.GzipFile(fileobj=file) as unzipped:
            while block := unzipped.read(READ_BYTES):
                yield block
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRefusedError(
            "the gzip file is cut off or damaged, so none of it is used; deliver it again"
        ) from error
