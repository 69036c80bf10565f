"""What the machine says about its user: the language and the country it is set to."""

import os
import re
import sys
from collections.abc import Mapping

_LANGUAGE = ("LC_ALL", "LC_MESSAGES", "LANG")
_COUNTRY = ("LC_ALL", "LC_MONETARY", "LC_NUMERIC", "LANG")
_CODE = re.compile("[A-Z]{2}")
# de, de_AT.UTF-8, de-CH@euro, zh-Hans-CN; C and POSIX name no language and do not match.
_NAME = re.compile("([a-z]{2,3})(?:[_-][A-Z][a-z]{3})?(?:[_-]([A-Z]{2}))?(?:[.@].*)?")


def language(environ: Mapping[str, str] = os.environ) -> str:
    """The two or three letters of the system's language; '' when it says nothing (LANG=C)."""
    return _parts(environ, _LANGUAGE)[0]


def country(environ: Mapping[str, str] = os.environ) -> str:
    """The two letters of the country whose money and numbers the system uses; '' when it says nothing."""
    return _parts(environ, _COUNTRY)[1]


def home_of(country: str) -> str:
    """The two letters of the country a store is in, by which its telephone numbers are read: where no country was
    chosen (International, or none) that of the currency and the time zone it has then, which are Germany's.
    """
    return country if _CODE.fullmatch(country) else "DE"


def _parts(environ: Mapping[str, str], variables: tuple[str, ...]) -> tuple[str, str]:
    """Language and country of the first variable that is set, as POSIX reads them; else what the desktop says."""
    name = next((environ[variable] for variable in variables if environ.get(variable)), None)
    found = _NAME.fullmatch(_desktop_name() if name is None else name)
    return (found[1], found[2] or "") if found else ("", "")


def _desktop_name() -> str:
    """The locale of the user's settings where programs are started without variables; '' where there is none."""
    if sys.platform == "win32":
        import ctypes

        buffer = ctypes.create_unicode_buffer(85)  # LOCALE_NAME_MAX_LENGTH
        ctypes.windll.kernel32.GetUserDefaultLocaleName(buffer, len(buffer))
        return buffer.value
    if sys.platform == "darwin":
        import subprocess

        command = ["/usr/bin/defaults", "read", "-g", "AppleLocale"]
        try:
            return subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout.strip()
        except (OSError, subprocess.SubprocessError):
            return ""
    return ""
