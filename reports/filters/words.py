"""The words of the filter in addresses. People share addresses, so a word stays once it is used."""

from measures.enums import ConditionState, Standing

TASK, DIRECTION, CODE = "uzdavinys", "kryptis", "kodas"
YEAR, STANDING, TERM, PROGRESS = "metai", "padetis", "terminas", "pazanga"
OWNER, PARTNER, RESOURCE, PROJECT = "atsakingas", "partneris", "isteklius", "projektas"
CONDITION, TEXT = "salyga", "q"
FIELDS = (
    TASK,
    DIRECTION,
    CODE,
    YEAR,
    STANDING,
    TERM,
    OWNER,
    PARTNER,
    RESOURCE,
    PROJECT,
    CONDITION,
    PROGRESS,
    TEXT,
)

STANDINGS = {
    Standing.DONE: "ivykdyta",
    Standing.IN_PROGRESS: "vykdoma",
    Standing.LATE: "veluoja",
    Standing.CONDITIONAL: "salygine",
    Standing.POSTPONED: "atideta",
    Standing.CANCELLED: "atsaukta",
    Standing.NOT_STARTED: "nepradeta",
}
CONDITIONS = {
    ConditionState.PENDING: "laukiama",
    ConditionState.MET: "tenkinama",
    ConditionState.FAILED: "netenkinama",
}
WITHOUT_CONDITION = "be-salygos"
DUE, DUE_TODAY, DUE_SOON = "suejes", "sia-diena", "artejantis"
COUNTED, KNOWN, NOT_COUNTED = "skaiciuojama", "zinoma", "neskaiciuojama"
WITHOUT_OWNER, WITHOUT_PARTNER = "be-atsakingo", "be-partneriu"
WITHOUT_RESOURCE, WITHOUT_PROJECT = "be-istekliu", "be-projekto"
