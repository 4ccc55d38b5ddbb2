"""Times, latencies, shares and bandwidths: from text to number and back, without losing a bit.

The law: writing a number and reading it again gives the same number. Sums go through Decimal, so that "0.1%" is
exactly that.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import assert_never

from nodes.faults import Constant, Exponential, Latency, Uniform
from playground.errors import BadInput

DURATION_UNITS = {"us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000}
SIZE_UNITS = {"B": 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}

_TIME = r"\d[\d.]*[a-z]+"
_LATENCY = re.compile(
    rf"(?P<constant>{_TIME})|(?P<shortest>{_TIME})\.\.(?P<longest>{_TIME})"
    rf"|exponential\s+(?P<mean>{_TIME})(?:\s+from\s+(?P<floor>{_TIME}))?"
)
_AMOUNT = re.compile(r"([+-]?)(\d+(?:\.\d+)?)([a-zA-Z%]+)(?:/s)?")


def read_duration(text: str) -> int:
    """Microseconds of "1.5s", "200ms", "-5us" or "2min"; finer than a microsecond is bad input."""
    return _read(text, DURATION_UNITS, "a time", "200ms")


def write_duration(duration: int) -> str:
    """The shortest usual way to say it: "1.5s", "200ms", "7us"."""
    unit = "s" if abs(duration) >= 1_000_000 else "ms" if abs(duration) >= 1_000 else "us"
    return f"{_plain(Decimal(duration) / DURATION_UNITS[unit])}{unit}"


def read_latency(text: str) -> Latency:
    """How long a packet takes: "3ms", "1ms..3ms" or "exponential 10ms from 2ms"."""
    found = _LATENCY.fullmatch(text.strip())
    if found is None:
        raise BadInput(f'"{text}" is no latency; write it like 3ms, 1ms..3ms or exponential 10ms from 2ms')
    constant, shortest, longest, mean, floor = (read_duration(each) if each else 0 for each in found.groups())
    if found["mean"]:
        return Exponential(mean, floor)
    return Uniform(min(shortest, longest), max(shortest, longest)) if found["longest"] else Constant(constant)


def write_latency(latency: Latency) -> str:
    """As `read_latency` reads it."""
    match latency:
        case Constant(time):
            return write_duration(time)
        case Uniform(shortest, longest):
            return f"{write_duration(shortest)}..{write_duration(longest)}"
        case Exponential(mean, floor):
            return f"exponential {write_duration(mean)}{f' from {write_duration(floor)}' if floor else ''}"
        case _:
            assert_never(latency)


def read_size(text: str) -> int:
    """Bytes of "64kB" (a thousand each), or bytes a second of "64kB/s"."""
    return _read(text, SIZE_UNITS, "a size", "64kB")


def write_size(size: int) -> str:
    """The largest unit that leaves no fraction: "64kB"."""
    unit = next(unit for unit in ("GB", "MB", "kB", "B") if size % SIZE_UNITS[unit] == 0)
    return f"{size // SIZE_UNITS[unit]}{unit}" if size else "0B"


def read_share(text: str) -> float:
    """The probability of "20%": 0.2. Over 100% is bad input."""
    share = Decimal(text.removesuffix("%")) / 100
    if share > 1:
        raise BadInput(f"{text} is more than all; a share goes from 0% to 100%")
    return float(share)


def write_share(share: float) -> str:
    """0.2 as "20%"."""
    return f"{_plain(Decimal(repr(share)) * 100)}%"


def _read(text: str, units: dict[str, int], what: str, example: str) -> int:
    found = _AMOUNT.fullmatch(text.strip())
    if found is None or found[3] not in units:
        raise BadInput(f'"{text}" is not {what}; write it with its unit ({", ".join(units)}), like {example}')
    amount = Decimal(found[1] + found[2]) * units[found[3]]
    if amount != int(amount):
        raise BadInput(f"{text} is finer than one {next(iter(units))}, the smallest there is")
    return int(amount)


def _plain(number: Decimal) -> str:
    """Without exponent and trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_bytes(size: int) -> str:
    """A size for people, rounded: "3.1 MB"."""
    unit = next((unit for unit in ("GB", "MB", "kB") if size >= SIZE_UNITS[unit]), "B")
    amount = size / SIZE_UNITS[unit]
    return f"{amount:.1f} {unit}" if unit != "B" and amount < 100 else f"{amount:.0f} {unit}"
