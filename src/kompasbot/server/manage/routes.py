"""All routes of the maintainers' pages."""

from typing import Final

from fastapi import APIRouter

from kompasbot.server.manage import contents, overview, signin, update, versions, voices

_MODULES: Final = (signin, overview, voices, contents, versions, update)
routers: Final[tuple[APIRouter, ...]] = tuple(module.router for module in _MODULES)
