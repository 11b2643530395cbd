"""Inflates gzip files, those that are several put together too."""

import zlib
from collections.abc import Iterator

from gapcalc.errors import InputError
from gapcalc.inputs.packed import AGAIN, File, Member, Unpacking, blocks_of

_GZIP = 16 + zlib.MAX_WBITS


def gzip_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    """Give the one file that a gzip file holds."""
    yield Member(file.name, lambda: file._replace(path=unpacking.write(_inflated(file))))


def _inflated(file: File) -> Iterator[bytes]:
    """Yield the contents; zlib checks their sums and lengths. InputError when cut off or damaged."""
    part, between = zlib.decompressobj(_GZIP), True
    for block in blocks_of(file):
        rest = block
        # Zeros between the parts and after the last are padding.
        while rest := rest.lstrip(b"\0") if between else rest:
            try:
                yield part.decompress(rest)
            except zlib.error as error:
                raise InputError(file.name, "its compressed data is damaged", AGAIN) from error
            rest, between = part.unused_data, part.eof
            if between:
                part = zlib.decompressobj(_GZIP)
    if not between:
        raise InputError(file.name, "it ends too early: the download was cut off", AGAIN)
