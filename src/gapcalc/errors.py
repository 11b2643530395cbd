"""What can go wrong, one class per mistake of a user, each with its exit code."""

from collections.abc import Iterable, Sequence
from errno import EACCES, ENOENT, ENOTDIR, EPERM

USAGE = 2
UNREADABLE = 3
PROVIDER = 5
COST = 6


class GapcalcError(Exception):
    """Base of every error that a user can cause and fix; the message says how.

    `file`, `line` and `advice` repeat parts of the message for programs, where it has them.
    """

    exit_code = USAGE
    advice: str | None = None

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.file, self.line = file, line

    @property
    def code(self) -> str:
        """Give the name of the mistake: its class in words, such as ``unknown-format``."""
        name = type(self).__name__.removesuffix("Error")
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).removeprefix("-")


class UsageError(GapcalcError):
    """The command line or the configuration asks for something that cannot be done."""


class InputError(GapcalcError):
    """An input cannot be read."""

    exit_code = UNREADABLE

    def __init__(self, name: str, reason: str, advice: str, line: int | None = None) -> None:
        self.reason, self.advice = reason, advice
        super().__init__(f"{name}: {reason}. {advice}", file=name, line=line)


def unopened(name: str, error: OSError) -> InputError:
    """Say why a file or folder cannot be opened."""
    if error.errno in {ENOENT, ENOTDIR}:
        return InputError(name, "there is no such file", "Check the path")
    advice = "Check its permissions" if error.errno in {EACCES, EPERM} else "Check the path"
    return InputError(name, f"it cannot be opened ({error.strerror or error})", advice)


def unreadable(option: str, path: object, error: OSError) -> UsageError:
    """Say why the file or folder that an option names cannot be read."""
    return UsageError(f"{option} {path}: it cannot be read ({error.strerror})")


class UnknownFormatError(InputError):
    """No reader knows the header, or more than one does."""


class RefusedFormatError(InputError):
    """The file is recognised, but is not what the command needs."""


class NothingReadableError(GapcalcError):
    """A folder or glob holds no file that any reader knows."""

    exit_code = UNREADABLE

    def __init__(self, name: str, skipped: Sequence[str]) -> None:
        found = "; ".join(skipped) if skipped else "it holds no files"
        self.advice = "Put exports there (gapcalc formats lists what is read), or name a file."
        super().__init__(f"{name}: nothing in it can be read ({found}). {self.advice}", file=name)


class TemporarySpaceError(GapcalcError):
    """The temporary folder is full, or may not be written."""

    exit_code = UNREADABLE

    def __init__(self, folder: str, detail: str | None) -> None:
        super().__init__(
            f"the temporary folder {folder} cannot be written ({detail or 'it is full'}). "
            "Free some space there, or set TMPDIR to a folder on a larger disk."
        )


class EngineMemoryError(GapcalcError):
    """Counting does not fit into the memory it may use."""

    def __init__(self, limit: str) -> None:
        super().__init__(
            f"the counting does not fit into {limit} of memory. "
            "Raise --memory-limit, or give fewer files at once."
        )


class MissingKeyError(UsageError):
    """A provider needs a key that is not set."""

    def __init__(self, name: str, file: str) -> None:
        super().__init__(
            f"{name} is not set. Put the key into this environment variable, or into the file {file}"
        )


class ProviderError(GapcalcError):
    """A provider did not answer a request; its earlier answers are kept."""

    exit_code = PROVIDER

    def __init__(self, provider: str, about: str, said: str, advice: str) -> None:
        super().__init__(f"{provider}, {about}: {said}. {advice}.")


class OfflineError(ProviderError):
    """An answer is not in the cache, and the network must not be used."""

    def __init__(self, provider: str, about: str) -> None:
        super().__init__(provider, about, "it is not in the cache", "Run it without --offline")


class CostLimitError(GapcalcError):
    """The next request could cost more than the user allowed."""

    exit_code = COST

    def __init__(self, what: str, cost: str, left: str, limit: str) -> None:
        super().__init__(
            f"{what} can cost {cost}, and {left} are left of --max-units ({limit}). What came is "
            "kept: raise the limit and run the same command again, or lower --max-rows or --top"
        )


class FundsError(GapcalcError):
    """The account's balance is too small for a request, so only a part would be sent and billed."""

    exit_code = PROVIDER

    def __init__(self, what: str, cost: str, left: str) -> None:
        super().__init__(
            f"{what}: it can cost {cost}, and the account has {left} left; the provider would send "
            "only a part, without a warning. What came is kept: fill the account and run the same "
            "command again, or lower --max-rows or --top"
        )


class KdVendorError(UsageError):
    """A difficulty score of another vendor was offered to the Ahrefs scale."""

    def __init__(self, vendor: str) -> None:
        super().__init__(
            f"{vendor} difficulty is not Ahrefs KD: the published scale turns only Ahrefs KD into "
            "referring domains, and two vendors' scores for one keyword differ by tens of points. "
            "Give the Ahrefs KD with --kd, or leave it out."
        )


def nearest(name: str, known: Iterable[str], otherwise: str) -> str:
    """Suggest what a mistyped name may have meant, or say `otherwise`."""
    near = most_similar(name, known)
    return f"did you mean {near}?" if near else otherwise


def most_similar(name: str, known: Iterable[str]) -> str | None:
    """Give the name that differs from a mistyped one in a letter or two, if there is any."""
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(known), n=1)
    return near[0] if near else None
