"""What people type, understood: amounts, days, times, percentages and periods, in German and English alike.

Every function takes the text and the name of the field it was typed into, and raises `InvalidInput` with a sentence
for that field when the text makes no sense. Nothing is guessed that could be wrong by a factor of a thousand.
"""

from app.core.parse.amounts import amount, percent, volume
from app.core.parse.days import birthday, day, day_and_time, day_and_words, span, time_of_day
from app.core.parse.hours import hours
from app.core.parse.numbers import number
from app.core.parse.periods import months
from app.core.parse.rhythms import rhythm

__all__ = [
    "amount", "birthday", "day", "day_and_time", "day_and_words", "hours", "months", "number", "percent", "rhythm",
    "span", "time_of_day", "volume",
]  # fmt: skip
