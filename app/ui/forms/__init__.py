"""Fields that understand what people type, and say in a sentence when they do not."""
