"""The blocks of a body, one file a family."""

from core.blocks.body import BodyBlock

__all__ = ["BodyBlock"]
