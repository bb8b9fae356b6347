"""Lithuanian number format where Django's own differs from usage: 1 234,5 with a no-break space."""

THOUSAND_SEPARATOR = "\N{NO-BREAK SPACE}"
NUMBER_GROUPING = 3
DECIMAL_SEPARATOR = ","
