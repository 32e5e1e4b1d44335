"""The field's nouns as frozen values, and the rules that hold for them. Standard library, and msgspec for the values."""
