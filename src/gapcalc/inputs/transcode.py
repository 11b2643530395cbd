"""Writes a stretch of a text file as UTF-8 with LF line ends; a process of its own for big files.

Run as a script it must stay light: it imports only the standard library, and starts in 10 ms.
"""

import sys

_BLOCK = 64 * 1024
"""Larger blocks were measured to be slower: they fall out of the processor's cache."""


class Transcoder:
    """Decodes blocks of bytes, whole characters at a time, and notes where that failed."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.lines = 0
        self.bad_lines: list[int] = []
        self._rest = b""

    def feed(self, block: bytes, *, last: bool) -> str:
        """Give the text of a block, with the bytes of the one before that made no character."""
        data = self._rest + block
        cut = len(data) if last else self._whole(data)
        self._rest = data[cut:]
        try:
            text = data[:cut].decode(self.encoding)
        except UnicodeDecodeError:
            text = data[:cut].decode(self.encoding, errors="replace")
            self._note(text)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.lines += text.count("\n")
        return text

    def _whole(self, data: bytes) -> int:
        if self.encoding == "utf-8":
            return _whole_utf8(data)
        cut = len(data) - len(data) % 2
        unit = data[cut - 2 : cut]
        high = unit[1:] if self.encoding == "utf-16-le" else unit[:1]
        surrogate = high and 0xD8 <= high[0] <= 0xDB  # noqa: PLR2004  (the first half of a pair)
        return cut - 2 if surrogate or b"\r" in unit else cut

    def _note(self, text: str) -> None:
        before = text.split("\ufffd")[:-1]
        line = self.lines
        for part in before:
            line += part.count("\n")
            if not self.bad_lines or self.bad_lines[-1] != line:
                self.bad_lines.append(line)


def _whole_utf8(data: bytes) -> int:
    """Give the length without a last character that may go on, or a CR that an LF may follow."""
    back = len(data)
    while back and len(data) - back < 3 and 0x80 <= data[back - 1] < 0xC0:  # noqa: PLR2004  (inner bytes)
        back -= 1
    if back and data[back - 1] >= 0xC0:  # noqa: PLR2004  (the first byte of several)
        return back - 1
    return len(data) - data.endswith(b"\r")


def transcode(
    source: str, target: str, encoding: str, stretch: tuple[int, int], skip: int
) -> Transcoder:
    """Write bytes `stretch` of a file as UTF-8, without its first `skip` lines.

    The lines of `bad_lines` count from 0 at the beginning of the stretch. OSError as usual.
    """
    coder = Transcoder(encoding)
    start, end = stretch
    with open(source, "rb", buffering=0) as file, open(target, "wb") as out:  # noqa: PTH123  (pathlib costs 7 ms)
        file.seek(start)
        left = end - start
        while left > 0:
            block = file.read(min(_BLOCK, left))
            left = left - len(block) if block else 0
            text = coder.feed(block, last=left == 0)
            while skip and "\n" in text:
                text = text.partition("\n")[2]
                skip -= 1
            if not skip:
                out.write(text.encode("utf-8", "surrogatepass"))
    return coder


if __name__ == "__main__":
    _, source, target, encoding, start, end, skip = sys.argv
    done = transcode(source, target, encoding, (int(start), int(end)), int(skip))
    sys.stdout.write(" ".join(map(str, (done.lines, *done.bad_lines))))
