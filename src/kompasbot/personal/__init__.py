"""Personal data in what visitors write: found and masked before a text is kept, or sent to any endpoint."""

from kompasbot.personal.masking import Stays, mask, mask_numbers

__all__ = ["Stays", "mask", "mask_numbers"]
