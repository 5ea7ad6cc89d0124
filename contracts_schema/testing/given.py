"""Settings for tests."""

from __future__ import annotations

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from services.runtime.settings import Settings


class GivenSettings(Settings):
    """Settings as they are given: nothing of the environment that a test happens to run in."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 -- as the library calls it
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given."""
        return (init_settings,)
