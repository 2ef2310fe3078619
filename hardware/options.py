"""Options that drivers of several kinds have, with their bounds; the registry holds the settings against them."""

from typing import Annotated

from pydantic import Field

Baud = Annotated[int, Field(ge=1200, le=921_600)]
"""Bits a second of a serial line."""

TcpPort = Annotated[int, Field(ge=1, le=65_535)]

PollSeconds = Annotated[float, Field(ge=0.05, le=10)]
"""Between two looks: more often only keeps the line busy, less often keeps the citizen waiting."""
