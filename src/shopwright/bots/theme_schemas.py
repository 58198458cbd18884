"""The shape of a theme, as the API takes it and bots keep it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shopwright.bots.colours import HEX
from shopwright.kit.schemas import Schema

Hex = Annotated[str, Field(pattern=HEX, examples=["#2f5fd0"])]


class Palette(Schema):
    accent: Hex
    on_accent: Hex
    background: Hex
    surface: Hex
    text: Hex
    muted: Hex
    border: Hex
    bubble_bot: Hex
    bubble_visitor: Hex
    on_bubble_visitor: Hex


class Theme(Schema):
    icon_id: UUID | None = None
    accent: Hex
    light: Palette
    dark: Palette
    radius: int = Field(12, ge=0, le=24)
    position: Literal["right", "left"] = "right"
    font: Literal["system"] = "system"


class ThemeCheck(Schema):
    theme: Theme


class ThemeProblem(Schema):
    pair: str = Field(description="Such as `light.text on light.background`.")
    ratio: float
    needed: float
    suggestion: str = Field(description="A colour for the first of the pair that can be read.")


class ThemeVerdict(Schema):
    theme: Theme
    problems: list[ThemeProblem]


class IconRead(Schema):
    icon_id: UUID
    url: str
    theme: Theme
