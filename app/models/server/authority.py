"""Whose signature under a server's certificate is believed where nobody names an authority: that of the system."""

import os
import ssl
from pathlib import Path

#: Where systems keep their authorities. The TLS that comes with the driver looks only in a place of its own.
_PLACES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


def system_authorities() -> str:
    """As the driver takes it: a file, or the word by which it asks the system."""
    named = os.environ.get(ssl.get_default_verify_paths().openssl_cafile_env)
    found = (place for place in ([named] if named else _PLACES) if Path(place).is_file())
    return next(found, "system")
