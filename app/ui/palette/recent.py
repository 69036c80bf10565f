"""What was used last, remembered beside the store."""

import json

from PySide6.QtCore import QSettings

_KEY = "palette/recent"
_MOST = 30
_LONGEST_KEY = 80

#: How the keys of commands and of leads begin.
COMMAND, LEAD = "command:", "lead:"


class Recent:
    """Commands and leads by keys, the last one first. What cannot be read counts as nothing."""

    def __init__(self, memory: QSettings) -> None:
        self._memory = memory

    def all(self) -> list[str]:
        """The keys, the last one first."""
        try:
            kept = json.loads(str(self._memory.value(_KEY, "[]")))
        except (ValueError, RecursionError):
            return []
        keys = kept if isinstance(kept, list) else []
        return [key for key in keys if isinstance(key, str) and len(key) <= _LONGEST_KEY][:_MOST]

    def note(self, key: str) -> None:
        """This was used now."""
        kept = [key, *(other for other in self.all() if other != key)]
        self._memory.setValue(_KEY, json.dumps(kept[:_MOST]))

    def commands(self) -> list[str]:
        """The ids of commands used last."""
        return [key.removeprefix(COMMAND) for key in self.all() if key.startswith(COMMAND)]

    def leads(self) -> list[int]:
        """The ids of leads used last."""
        numbers = [key.removeprefix(LEAD) for key in self.all() if key.startswith(LEAD)]
        return [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 19]
