"""The plan document of 2023–2024 as it is, awkward places and all; then slips, errors and hostile texts."""

from collections import Counter
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.exchange.document.reader import (
    ActionText,
    CodeMention,
    DocumentError,
    Link,
    MeasureText,
    Place,
    PlanText,
    ResultText,
    read_document,
)
from measures.exchange.document.words import document_words, plan_words

DOCUMENT = (Path(__file__).parents[3] / "fixtures" / "veiklos-planas-2023-2024.txt").read_text("utf-8")
PLAN = read_document(DOCUMENT).plan

MEASURES, ACTIONS = "Priemonė", "Veiksmai"
RESULTS, RESOURCES = "Planuojamos veiklos / rezultatai", "Reikalingi resursai"
PARTNERS = "Susijusios institucijos, partneriai"
BIKE_CONDITION = "bus įgyvendinama pateiktos projekto paraiškos sėkmės atveju"
BRAND_CONDITION = (
    "įgyvendinama esant bendram regiono dalyvių sutarimui dėl regioninio prekių ženklo poreikio "
    "ir esant tiksliniam finansavimui"
)


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def measures_of(plan: PlanText) -> dict[str, MeasureText]:
    return {measure.number: measure for task in plan.tasks for measure in task.measures}


def actions_of(plan: PlanText) -> dict[str, ActionText]:
    return {action.number: action for measure in measures_of(plan).values() for action in measure.actions}


ALL_MEASURES, ALL_ACTIONS = measures_of(PLAN), actions_of(PLAN)


def make_document(
    results="– Parengta. 2024",
    *,
    title="1.1.1. Veiksmas",
    resources="ES lėšos",
    partners="KRBT",
    heading="M. 2024–2025",
) -> str:
    """Return a document with one action."""
    row = "\t".join(["1.1. Priemonė", title, results, resources, partners])
    return f"# PLANAS {heading}\n\n1 uždavinys: Tvarka\n\n{row}\n"


def read_action(*args, **kwargs) -> ActionText:
    return actions_of(read_document(make_document(*args, **kwargs)).plan)["1.1.1"]


def codes_of(error: DocumentError) -> list[str]:
    return [notice.code for notice in error.notices]


def errors_in(text: str) -> list[tuple[str, Place, str]]:
    """Return what a document is refused for."""
    with pytest.raises(DocumentError) as caught:
        read_document(text)
    return [(notice.code, notice.place, notice.text) for notice in caught.value.notices]


def refusal_of(text: str, known_partners: tuple[str, ...] = ()) -> DocumentError | None:
    """Read a text and see that no word of it is lost, or return why it is refused."""
    try:
        reading = read_document(text, known_partners)
    except DocumentError as error:
        return error
    assert plan_words(reading.plan) == document_words(text)
    return None


class TestRealDocument:
    def test_head(self):
        assert PLAN.organisation == "KLAIPĖDOS REGIONAS asociacija"
        assert PLAN.title == "VEIKLOS PLANAS 2023-2024 M."
        assert PLAN.goal == "Klaipėdos regiono specializacijos strategijos iki 2030 m. įgyvendinimas"
        assert (PLAN.first_year, PLAN.last_year) == (2023, 2024)

    def test_tasks(self):
        assert [(task.number, task.title) for task in PLAN.tasks] == [
            ("1", "JŪRINĖS EKONOMIKOS KRYPTIES PRIEMONIŲ ĮGYVENDINIMAS"),
            ("2", "BIOEKONOMIKOS KRYPTIES PRIEMONIŲ ĮGYVENDINIMAS"),
            ("3", "DARNAUS JŪRINIO IR PAKRANČIŲ TURIZMO KRYPTIES PRIEMONIŲ ĮGYVENDINIMAS"),
            ("4", "PAŽANGIOS PRAMONĖS EKONOMIKOS KRYPTIES PRIEMONIŲ ĮGYVENDINIMAS"),
            ("5", "PASLAUGŲ EKONOMIKOS KRYPTIES PRIEMONIŲ ĮGYVENDINIMAS"),
            ("6", "KITŲ SRIČIŲ PROJEKTŲ ĮGYVENDINIMAS"),
        ]

    def test_measures_under_their_tasks(self):
        assert [[measure.number for measure in task.measures] for task in PLAN.tasks] == [
            ["1.1", "1.2", "1.3"],
            ["2.1"],
            ["3.1", "3.2"],
            ["4.1"],
            ["5.1", "5.2", "5.3"],
            ["6.2", "6.3"],
        ]

    def test_results_of_each_action(self):
        assert {number: len(action.results) for number, action in ALL_ACTIONS.items()} == {
            "1.1.1": 1,
            "1.1.2": 1,
            "1.2.1": 3,
            "1.3.1": 1,
            "2.1.1": 1,
            "2.1.2": 1,
            "2.1.3": 3,
            "2.1.4": 2,
            "2.1.5": 3,
            "2.1.7": 2,
            "3.1.1": 2,
            "3.2.1": 4,
            "4.1.1": 1,
            "5.1.1": 4,
            "5.1.2": 4,
            "5.2.1": 2,
            "5.2.2": 1,
            "5.3.1": 1,
            "6.2.1": 2,
            "6.2.2": 4,
            "6.2.3": 2,
            "6.3.1": 2,
        }

    def test_codes_of_measures(self):
        codes = {number: [code.code for code in measure.codes] for number, measure in ALL_MEASURES.items()}
        assert {number: found for number, found in codes.items() if found} == {
            "1.1": ["I.1.1.1"],
            "1.2": ["I.1.4.1"],
            "1.3": ["I.1.3.3"],
            "3.2": ["III.1.4.4"],
            "4.1": ["IV.1.2.3"],
            "5.1": ["V.1.1.1"],
            "5.2": ["V.1.3.1"],
            "5.3": ["V.1.5.1"],
        }

    def test_codes_of_actions(self):
        assert {number: action.codes for number, action in ALL_ACTIONS.items() if action.codes} == {
            "2.1.1": (CodeMention("II.1.1.1", "measure", "KRSS2030 II.1.1.1. priemonė"),),
            "2.1.2": (CodeMention("II.1.2.1.1", "action", "KRSS2030 II.1.2.1.1. veiksmas"),),
            "2.1.3": (CodeMention("II.1.2.1.2", "action", "KRSS2030 II.1.2.1.2. veiksmas"),),
            "2.1.4": (CodeMention("II.1.2.2", "measure", "KRSS2030 II.1.2.2. priemonė"),),
            "2.1.5": (CodeMention("II.1.5.4", "measure", "KRSS2030 II.1.5.4. priemonė"),),
            "3.1.1": (CodeMention("III.1.1.1", "measure", "KRSS2030 III.1.1.1. priemonė"),),
        }

    def test_code_after_a_page_break_belongs_to_its_measure(self):
        assert ALL_MEASURES["5.2"].title == (
            "Klaipėdos regiono pasiekiamumo ir judumo jo viduje įvairiomis transporto rūšimis situacijos "
            "analizės "
            "ir vystymo veiksmų plano parengimas"
        )

    def test_incomplete_measure_number(self):
        measure = ALL_MEASURES["6.2"]
        assert (measure.number_as_written, measure.title) == (
            "6..",
            "KRSS2030 horizontaliųjų prioritetų įgyvendinimas",
        )
        assert [action.number for action in measure.actions] == ["6.2.1", "6.2.2", "6.2.3"]

    def test_cell_without_a_dash_is_one_result(self):
        assert ALL_ACTIONS["1.1.1"].results == (
            ResultText(
                "Renginio idėja gimė 2022 12 08 vykusio Klaipėdos regiono jūrinės vėjo energetikos forumo "
                "metu. "
                "Renginys planuojamas 2023 m. kovą–balandį. Organizatoriai: KMTP, AKR, Pamaro (Pomorskie) "
                "vaivadija. "
                "Renginio platforma bus proga stiprinti regionų bendradarbiavimą vėjo energetikos srityje, "
                "o taip pat "
                "tęsti diskusiją dėl kelto linijos Klaipėda – Gdanskas, bendrų jūrinės ekonomikos projektų "
                "galimybių).",
                first_year=2023,
                last_year=2023,
                period_text="2023",
            ),
        )

    def test_sub_items_over_a_page_break(self):
        assert ALL_ACTIONS["1.2.1"].results == (
            ResultText(
                "Regiono žuvininkystės sektoriaus klausimų integravimas ir iššūkių bei problemų aptarimas "
                "per:",
                sub_items=(
                    "„praktinių bendruomenių“ tiksliniams klausimams spręsti formavimą; Galimybė "
                    "sektoriaus iššūkius "
                    "kelti regiono bioekonomikos tarybos veiklų apimtyje (kai bus sukurta taryba) "
                    "(įgyvendinama projekto „BlueBioClusters“ veiklų kontekste)",
                    "Suinteresuotų žuvininkystės sektoriaus atstovų / įmonių įtraukimas į AKR projektines "
                    "veiklas: "
                    "pagalba ir konsultacijos diversifikuojant veiklą, kuriant gastro turizmo produktus. "
                    "(įgyvendinama projekto „BASCIL“ veiklų kontekste)",
                ),
                first_year=2023,
                last_year=2024,
                period_text="2023–2024",
            ),
            ResultText(
                "Suorganizuoti susitikimai su ŽŪM atstovais ir ekspertais diskusijai apie Klaipėdos regiono "
                "žuvininkystės kryptį, poreikius ir pan.; (įgyvendinama projekto „BSR Food Coalition“ "
                "veiklų kontekste)",
                first_year=2023,
                last_year=2024,
                period_text="2023–2024",
            ),
            ResultText(
                "Parengta bendra sektoriaus suinteresuotųjų šalių rezoliucija tvaraus žuvininkystės "
                "sektoriaus vystymui "
                "regione. (AKR įgyvendinamų tarptautinių projektų veiklų kontekste)",
                first_year=2024,
                last_year=2024,
                period_text="2024",
            ),
        )

    def test_period_in_a_paragraph_after_the_sub_items(self):
        assert ALL_ACTIONS["1.3.1"].results == (
            ResultText(
                "Įgyvendinti „BSR Mission“ projektą:",
                sub_items=(
                    "Sustiprinti Baltijos jūros regionų bendradarbiavimą;",
                    "Sustiprinti regiono partnerių žinias apie Europos Komisijos Misijų instrumentą;",
                    "Diegti į misijų įgyvendinimą orientuoto planavimo principus.",
                ),
                first_year=2023,
                last_year=2023,
                period_text="2023",
            ),
        )

    def test_links_of_a_result(self):
        (result,) = ALL_ACTIONS["2.1.1"].results
        assert result.text == (
            "KRBT kūrimas ir veiklos potencialas bus analizuojamas AKR tarptautinių projektų įgyvendinimo "
            "metu "
            "(BASCIL, Land2Sea, BlueBioClusters) Atsiradus poreikiui, AKR svarstys galimybę kurti KRBT "
            "kūrimą "
            "ir inicijuos reikalingus procesus."
        )
        assert result.links == (Link("BASCIL", "#"), Link("Land2Sea", "#"), Link("BlueBioClusters", "#"))
        assert result.condition == ""

    def test_link_of_an_action(self):
        action = ALL_ACTIONS["3.2.1"]
        assert action.title == (
            "Stiprinti Klaipėdos regiono prioritetinio dviračių trasų tinklo formavimą; Eurovelo10 "
            "maršruto atkarpos "
            "populiarinimas ir žinomumo didinimas"
        )
        assert action.links == (Link("Klaipėdos regiono prioritetinio dviračių trasų tinklo", "#"),)

    def test_title_keeps_its_dash_and_its_footnote_mark(self):
        assert ALL_ACTIONS["2.1.3"].title == (
            'Įgyvendinti projektą "BlueBioClusters – Supporting European Coastal Regions in Their '
            "Transition to a "
            'Sustainable Blue Bioeconomy"*'
        )

    def test_period_at_the_end_of_a_list(self):
        assert ALL_ACTIONS["2.1.3"].results == (
            ResultText(
                "„Praktinių grupių“ (ang. Community of practice) metodikos pritaikymas ir įgyvendinimas "
                "regione;",
                first_year=2023,
                last_year=2024,
            ),
            ResultText(
                "Atlikta mėlynosios bioekonomikos sektoriaus regione potencialo analizė;",
                first_year=2023,
                last_year=2024,
            ),
            ResultText(
                "Parengtos rekomendacijos dėl mėlynosios bioekonomikos plėtros regione bei šio sektoriaus "
                "monitoringo "
                "sistema.",
                first_year=2023,
                last_year=2024,
                period_text="2023–2024",
            ),
        )

    def test_dash_after_a_period(self):
        assert ALL_ACTIONS["2.1.4"].title == (
            "Tarptautinio renginio „Baltic Bioeconomy Summit“ organizavimas (kas dvejus metus)"
        )
        assert ALL_ACTIONS["2.1.4"].results == (
            ResultText(
                "Regiono partnerių grupės subūrimas antrojo renginio 2024 m. organizavimui;",
                first_year=2023,
                last_year=2023,
                period_text="2023",
            ),
            ResultText(
                "Antrojo tarptautinio renginio organizavimas.",
                first_year=2024,
                last_year=2024,
                period_text="2024",
            ),
        )

    def test_action_over_a_page_break(self):
        action = ALL_ACTIONS["2.1.5"]
        assert action.title == (
            "Trumpųjų maisto tiekimo grandinių kūrimas organizuojant maitinimo paslaugas Klaipėdos regiono "
            "viešosiose "
            "įstaigose (mokyklose, ligoninėse, kt.)"
        )
        assert action.results == (
            ResultText(
                "Regioninės „Nuo ūkio iki mokyklos“ programos parengimas (įgyvendinama) projekto „BSR "
                "Food Coalition“ "
                "veiklų kontekste)",
                first_year=2023,
                last_year=2024,
                period_text="2023-2024",
                links=(Link("įgyvendinama", "#"),),
            ),
            ResultText(
                "Vietos maisto grandinių kūrimas, skatinant regiono gastro turizmo plėtrą ir augimą "
                "(ūkininkų ir "
                "žuvininkystės (akvakultūros) atstovų mokymai ir konsultacijos, pagalba diversifikuojant "
                "dalį veiklos) "
                "(įgyvendinama projekto „BASCIL“ veiklų kontekste)",
                first_year=2023,
                last_year=2024,
                period_text="2023-2024",
            ),
            ResultText(
                "Regiono viešojo sektoriaus darbuotojų kompetencijos kėlimas trumpųjų maisto grandinių "
                "vystymo "
                "klausimais. (įgyvendinimui ieškomas išorės finansavimas)",
                first_year=2023,
                last_year=2024,
                period_text="2023-2024",
                condition="įgyvendinimui ieškomas išorės finansavimas",
            ),
        )
        assert action.resources == ("ES lėšos", "Išorinis finansavimas", "AKR Biudžetas / DU")
        assert action.partners == (
            "Regiono savivaldybės",
            "Regiono ūkininkai",
            "Regiono švietimo įstaigos",
            "Regiono bendruomenės",
            "Regiono žuvininkystės sektoriaus atstovai",
        )

    def test_open_period(self):
        periods = [(r.first_year, r.last_year, r.period_text) for r in ALL_ACTIONS["2.1.7"].results]
        assert periods == [(2024, None, "2024-"), (2024, None, "2024-")]

    def test_condition_and_period_at_the_end_of_a_list(self):
        assert ALL_ACTIONS["3.2.1"].results == (
            ResultText(
                "Parengta turistinių maršrutų fiziškai aktyviomis keliavimo priemonėmis rengimo metodika;",
                first_year=2024,
                condition=BIKE_CONDITION,
            ),
            ResultText(
                "Pateikti siūlymai LR Susisiekimo ministerijai dėl esamos dviračių takų ženklavimo sistemos "
                "atnaujinimas (vadovaujantis Eurovelo standartu);",
                first_year=2024,
                condition=BIKE_CONDITION,
            ),
            ResultText(
                'Sukurtas "Dviratininkams draugiškas" apgyvendinimo įstaigos standartas Klaipėdos regione;',
                first_year=2024,
                condition=BIKE_CONDITION,
            ),
            ResultText(
                "Sudaryta tikslinių ekspertų darbo grupė Klaipėdos regiono prioritetinio dviračių trasų "
                "tinklo "
                f"įgyvendinimo stebėsenai. ({BIKE_CONDITION})",
                first_year=2024,
                period_text="2024-",
                condition=BIKE_CONDITION,
            ),
        )

    def test_paragraph_without_a_dash_and_condition_in_the_title(self):
        action = ALL_ACTIONS["5.1.1"]
        assert action.title == (
            f"Sukurti Klaipėdos regiono prekės ženklą ir įvesti jį tikslines regiono rinkas "
            f"({BRAND_CONDITION})"
        )
        assert [result.text for result in action.results] == [
            "Sukurtas Klaipėdos regiono vizualinis prekės ženklas;",
            "Parengta Klaipėdos regiono prekės ženklo „įvedimo į rinką“ rinkodaros / komunikacijos programa.",
            "Parengta ir pradėta įgyvendinti Klaipėdos regiono prekės ženklo tęstinė rinkodaros / "
            "komunikacijos programa",
            "Regiono įvaizdžio ekspertų grupės suformavimas (Klaipėdos regiono prekės ženklo rinkodaros / "
            "komunikacijos "
            "programos įgyvendinimo stebėsenai)",
        ]
        assert {(r.first_year, r.last_year, r.period_text) for r in action.results} == {
            (2023, 2024, "2023–2024")
        }
        assert {result.condition for result in action.results} == {BRAND_CONDITION}

    def test_lead_in_before_the_first_dash(self):
        action = ALL_ACTIONS["5.1.2"]
        assert action.lead_in == (
            "KRSS2030 įgyvendinamų priemonių viešinimas ir pristatymas tikslinėms auditorijoms:"
        )
        assert action.results == (
            ResultText("Pranešimai spaudai apie regiono įvykius;", first_year=2023, last_year=2023),
            ResultText(
                "Ekspertiniai straipsniai apie Klaipėdos regiono plėtros projektus, regioninės politikos "
                "tendencijas;",
                first_year=2023,
                last_year=2023,
            ),
            ResultText("Nuolatinė komunikacija socialiniuose tinkluose;", first_year=2023, last_year=2023),
            ResultText(
                "Naujienlaiškiai besidomintiems regiono naujienomis ir projektais.",
                first_year=2023,
                last_year=2023,
                period_text="2023",
            ),
        )
        assert [number for number, other in ALL_ACTIONS.items() if other.lead_in] == ["5.1.2"]

    def test_years_and_ferry_lines_inside_a_text(self):
        assert [result.text for result in ALL_ACTIONS["5.2.1"].results] == [
            "Klaipėdos regiono pasiekiamumo ir žinomumo didinimo programos 2022–2024 parengimas ir vykdymas; "
            "(įgyvendinama esant poreikiui)",
            "Bendradarbiavimas su LTOU ir regiono partneriais, siekiant pritraukti tikslinius skrydžius į "
            "PLQ;",
        ]
        assert [result.text for result in ALL_ACTIONS["5.2.2"].results] == [
            "Dialogas su Lenkijos Pamaro regiono atstovais dėl kelto Gdanskas–Klaipėda linijos atsiradimo."
        ]

    def test_result_without_a_period(self):
        assert ALL_ACTIONS["6.2.2"].results == (
            ResultText(
                "Regionui aktualių DVT stebėsenai ir monitoringas",
                first_year=2023,
                last_year=2024,
                period_text="2023–2024",
            ),
            ResultText(
                "Projektinių veiklų praktiniam DVT adaptavimui regione inicijavimas",
                first_year=2023,
                last_year=2024,
                period_text="2023–2024",
            ),
            ResultText(
                "Klaipėdos regiono aplinkosaugos ir tvarumo situacijos vertinimas (duomenų surinkimas ir "
                "pateikimas "
                "esamiems vertinimo klausimynams)",
                first_year=2023,
                last_year=2023,
                period_text="2023",
            ),
            ResultText(
                "Skatinti antrinį vandens panaudojimą Klaipėdos regione, prisidedant prie atsparumo "
                "klimato pokyčiams "
                "kūrimo bei paviršinių vandenų užterštumo mažinimo:",
                sub_items=(
                    "regiono lietaus vandens tyrimai ir modeliavimas klimato kaitos poveikio vertinimui;",
                    "parengtos rekomendacijos antriniam vandens panaudojimui regione;",
                    "bandomosios infrastruktūros inovatyvių lietaus nuotekų išvalymui ir antriniam "
                    "panaudojimui "
                    "testavimas Gargžduose. (įgyvendinama projekto „WaterMan“ veiklų kontekste)",
                ),
            ),
        )

    def test_hyphen_after_a_page_break(self):
        assert [result.text for result in ALL_ACTIONS["6.3.1"].results] == [
            "Parengta Klaipėdos regiono funkcinės zonos strategija",
            "Tikslinių strategijoje numatytų projektų administravimas ir įgyvendinimo priežiūra",
        ]

    def test_conditional_results(self):
        conditional = [
            (number, position)
            for number, action in ALL_ACTIONS.items()
            for position, result in enumerate(action.results, start=1)
            if result.condition
        ]
        assert conditional == [
            ("2.1.5", 3),
            ("2.1.7", 1),
            ("2.1.7", 2),
            ("3.1.1", 2),
            *(("3.2.1", position) for position in range(1, 5)),
            *(("5.1.1", position) for position in range(1, 5)),
            ("5.2.1", 1),
            ("5.3.1", 1),
        ]

    @pytest.mark.parametrize(
        ("number", "resources", "partners"),
        [
            (
                "1.1.1",
                ("AKR biudžeto lėšos / DU", "Partnerių lėšos"),
                (
                    "Pamaro regiono vaivadija",
                    "Klaipėdos mokslo ir technologijų parkas",
                    "Klaipėdos valstybinio jūrų uosto direkcija",
                ),
            ),
            (
                "3.1.1",
                ("AKR biudžetas / DU", "Savivaldybių lėšos", "Valstybės biudžeto lėšos"),
                ("Klaipėdos regiono savivaldybių tarybos", "LR Ekonomikos ir inovacijų ministerija"),
            ),
            (
                "5.2.2",
                (),
                (
                    "Klaipėdos valstybinio jūrų uosto direkcija",
                    "Regiono savivaldybės",
                    "Lenkijos Pamaro vaivadija",
                ),
            ),
        ],
    )
    def test_resources_and_partners(self, number, resources, partners):
        assert (ALL_ACTIONS[number].resources, ALL_ACTIONS[number].partners) == (resources, partners)

    def test_no_word_is_lost(self):
        words = document_words(DOCUMENT)
        assert plan_words(PLAN) == words
        assert words.total() > 1600
        assert (words["KRSS2030"], words["TIKSLAS"], words["uždavinys"], words["Veiksmai"]) == (18, 0, 0, 0)

    def test_warnings(self):
        warnings = read_document(DOCUMENT).warnings
        assert [(warning.code, warning.place, warning.text[:40]) for warning in warnings] == [
            ("footnote-missing", Place(27, ACTIONS, "2.1.3"), 'to a Sustainable Blue Bioeconomy"*'),
            ("number-gap", Place(32, ACTIONS, "2.1.7"), "2.1.6"),
            ("dash-missing", Place(42, RESULTS, "5.1.1"), "Parengta ir pradėta įgyvendinti Klaipėdo"),
            ("no-resources", Place(47, RESOURCES, "5.2.2"), "Naujų keltų krypčių iš/į Klaipėdos jūrų "),
            ("number-slip", Place(50, MEASURES, "6.2"), "6.."),
            ("number-gap", Place(50, MEASURES, "6.2"), "6.1"),
            ("period-missing", Place(55, RESULTS, "6.2.2"), "Skatinti antrinį vandens panaudojimą Kla"),
            ("period-typo", Place(56, RESULTS, "6.2.3"), "2023–20024"),
        ]
        assert warnings[-1].message == (
            "Line 56, 6.2.3: in the period “2023–20024”, 20024 was read as 2024. Check it."
        )

    def test_known_partners_part_names_without_a_separator(self):
        known = [
            "Latvijos Kuržemės Regionas",
            "Lenkijos Slowinski biosferos rezervatas",
            "Regiono savivaldybės",
            "VŠĮ Klaipėda ID",
        ]
        reading = read_document(DOCUMENT, known_partners=known)
        actions = actions_of(reading.plan)
        assert actions["1.3.1"].partners == (
            "Švedijos Blekinge regionas",
            "Latvijos Kuržemės Regionas",
            "Lenkijos Slowinski biosferos rezervatas",
        )
        assert actions["5.2.1"].partners == (
            "VĮ „Lietuvos oro uostai“ (LTOU)",
            "Regiono savivaldybės",
            "VŠĮ Klaipėda ID",
        )
        assert [w.place for w in reading.warnings if w.code == "separator-missing"] == [
            Place(22, PARTNERS, "1.3.1"),
            Place(44, PARTNERS, "5.2.1"),
        ]
        assert plan_words(reading.plan) == document_words(DOCUMENT)


class TestPeriods:
    @pytest.mark.parametrize(
        ("written", "years"),
        [
            ("2024", (2024, 2024)),
            ("**2024**", (2024, 2024)),
            ("2024–2025", (2024, 2025)),
            ("2024 - 2025", (2024, 2025)),
            ("<b>2024-</b>", (2024, None)),
            ("2022–2034.", (2022, 2034)),
            ("22024", (2024, 2024)),
            ("2024–20225", (2024, 2025)),
        ],
    )
    def test_forms(self, written, years):
        (result,) = read_action(f"– Parengta; {written}").results
        assert (result.text, result.first_year, result.last_year) == ("Parengta;", *years)
        assert result.period_text == written.strip("*<b>/")

    @pytest.mark.parametrize(
        "text", ["Parengta iki 2024 m. rudens", "Agenda2024", "Nuo 2023-12-31", "Programa (2024)"]
    )
    def test_years_that_are_text(self, text):
        (result,) = read_action(f"– {text}").results
        assert result == ResultText(text)

    def test_period_before_the_sub_items(self):
        (result,) = read_action("– Parengta 2024<ul><li>○ viena</li><li>o kita</li></ul>").results
        assert result == ResultText("Parengta", ("viena", "kita"), 2024, 2024, "2024")

    def test_items_after_the_last_period_have_none(self):
        results = read_action("– Viena; – Antra; 2024 – Trečia; – Ketvirta").results
        assert [(r.text, r.first_year, r.period_text) for r in results] == [
            ("Viena;", 2024, ""),
            ("Antra;", 2024, "2024"),
            ("Trečia;", None, ""),
            ("Ketvirta", None, ""),
        ]

    @pytest.mark.parametrize(
        ("period", "code"),
        [
            ("2025–2024", "period-reversed"),
            ("2024–2036", "period-outside"),
            ("2013", "period-outside"),
            ("2036-", "period-outside"),
            ("2024–20936", "year-unreadable"),
            ("2024–20446", "year-unreadable"),
            ("0000", "year-unreadable"),
            ("2024, 2025", "period-unclear"),
            ("2023 ir 2025", "period-unclear"),
            ("2023/2025", "period-unclear"),
            ("2023 m., 2024 m.", "period-unclear"),
            ("nuo 2023 m. sausio iki 2024 m.", "period-unclear"),
        ],
    )
    def test_errors(self, period, code):
        ((found, place, text),) = errors_in(make_document(f"– Parengta {period}"))
        assert (found, place) == (code, Place(5, RESULTS, "1.1.1"))
        assert period in text


class TestItems:
    @pytest.mark.parametrize(
        ("cell", "texts"),
        [
            ("– Linija Klaipėda – Gdanskas 2024", ["Linija Klaipėda – Gdanskas"]),
            ("– Viena. – Antra: – trečia 2024", ["Viena.", "Antra:", "trečia"]),
            ("– Viena <b>2024</b> – Antra 2024", ["Viena", "Antra"]),
            ("– Viena; 2024 – Antra 2024", ["Viena;", "Antra"]),
            ("– Forume 2024 – jo metu 2024", ["Forume 2024 – jo metu"]),
            ("– Nuo 2024 m. – iki 2025 m. pabaigos 2024", ["Nuo 2024 m. – iki 2025 m. pabaigos"]),
            ("– Viena\n- Antra\n-Trečia 2024", ["Viena", "Antra", "Trečia"]),
            ("– Viena\nnauja eilutė 2024", ["Viena nauja eilutė"]),
            ("– Viena</p><p>tęsinys 2024", ["Viena tęsinys"]),
            ("– Viena 2024</p><p>Antra 2025", ["Viena", "Antra"]),
            ("Viena 2024</p><p>– Antra 2025", ["Viena", "Antra"]),
        ],
    )
    def test_dashes(self, cell, texts):
        assert [result.text for result in read_action(f"<p>{cell}</p>").results] == texts

    @pytest.mark.parametrize(
        ("cell", "sub_items"),
        [
            ("– Per: o viena; o kita 2024", ("viena;", "kita")),
            ("– Per: ○ viena; ○ kita 2024", ("viena;", "kita")),
            ("– Per:\no viena\no kita 2024", ("viena", "kita")),
            ("– Tęsti, o taip pat baigti, \no paskui vėl tęsti 2024", ()),
        ],
    )
    def test_bullets(self, cell, sub_items):
        (result,) = read_action(cell).results
        assert result.sub_items == sub_items

    def test_dash_missing(self):
        reading = read_document(make_document("<p>– Viena 2024</p><p>Antra 2025</p>"))
        (warning,) = reading.warnings
        assert (warning.code, warning.place, warning.text) == (
            "dash-missing",
            Place(5, RESULTS, "1.1.1"),
            "Antra 2025",
        )

    @pytest.mark.parametrize(
        "cell", ["–", "– Viena 2024; –", "<p>– Viena 2024</p><p>2025</p>", "○ viena 2024", "– Per: ○ ; ○ x"]
    )
    def test_item_without_text_is_an_error(self, cell):
        assert ("item-empty", Place(5, RESULTS, "1.1.1"), "") in errors_in(make_document(cell))

    def test_no_result_at_all_is_a_warning(self):
        (warning,) = read_document(make_document("")).warnings
        assert (warning.code, warning.place) == ("no-results", Place(5, RESULTS, "1.1.1"))

    @pytest.mark.parametrize(
        ("words", "condition"),
        [
            ("(esant poreikiui)", "esant poreikiui"),
            ("(ĮGYVENDINAMA PARAIŠKOS SĖKMĖS ATVEJU)", "ĮGYVENDINAMA PARAIŠKOS SĖKMĖS ATVEJU"),
            ("(jei (tik) bus ieškoma finansavimo)", "jei (tik) bus ieškoma finansavimo"),
            ("(tarybai priėmus sprendimą) (viena)", "tarybai priėmus sprendimą"),
            ("(esant dabartinei tvarkai)", ""),
            ("(nesant poreikio)", ""),
            ("esant poreikiui", ""),
            ("(esant poreikiui", ""),
        ],
    )
    def test_conditions(self, words, condition):
        (result,) = read_action(f"– Parengta {words} 2024").results
        assert (result.text, result.condition) == (f"Parengta {words}", condition)


class TestLists:
    def test_separators(self):
        action = read_action(
            resources="<p>ES lėšos  AKR biudžetas / DU</p><p>Partnerių lėšos.</p>",
            partners="– KRBT;LIC ;\nKU <b>Jūrinių</b> tyrimų institutas.",
        )
        assert action.resources == ("ES lėšos", "AKR biudžetas / DU", "Partnerių lėšos")
        assert action.partners == ("KRBT", "LIC", "KU Jūrinių tyrimų institutas")

    @pytest.mark.parametrize(
        ("known", "names"),
        [
            ({"ES lėšos", "AKR lėšos"}, ("ES lėšos", "AKR lėšos")),
            ({"ES", "lėšos", "ES lėšos", "AKR", "AKR lėšos"}, ("ES lėšos", "AKR lėšos")),
            ({"ES lėšos"}, ("ES lėšos AKR lėšos",)),
            ({"es lėšos", "AKR lėšos"}, ("ES lėšos AKR lėšos",)),
            ({"ES lėšos", "AKR lėšos", "ES lėšos AKR lėšos"}, ("ES lėšos AKR lėšos",)),
        ],
    )
    def test_known_resources(self, known, names):
        reading = read_document(make_document(resources="ES lėšos AKR lėšos"), known_resources=known)
        assert actions_of(reading.plan)["1.1.1"].resources == names
        assert [warning.code for warning in reading.warnings] == ["separator-missing"] * (len(names) - 1)

    def test_missing_lists_are_warnings(self):
        warnings = read_document(make_document(resources="–", partners="")).warnings
        assert [(warning.code, warning.place.column) for warning in warnings] == [
            ("no-resources", RESOURCES),
            ("no-partners", PARTNERS),
        ]


class TestTable:
    def test_other_plan_without_codes(self):
        text = (
            "Biudžetinė įstaiga\n\n2026 M. VEIKLOS PLANAS\n\n1. uždavinys: Tvarka\n\n"
            "Priemonė\tVeiksmas\tRezultatas\tLėšos\tKas\n"
            "1.1 Pirma\t1.1.1 Vienas\t– Padaryta 2026\tES\tMes\n\t1.1.2 Du\t– Vėl 2026\tES\tMes\n"
            "Priemonė\tVeiksmas\tRezultatas\tLėšos\tKas\n"
            "1.2 Antra\t1.2.1 Trys\t– Dar 2026\tES\tMes\n"
        )
        reading = read_document(text)
        assert reading.warnings == ()
        assert (reading.plan.organisation, reading.plan.title) == (
            "Biudžetinė įstaiga",
            "2026 M. VEIKLOS PLANAS",
        )
        assert (reading.plan.first_year, reading.plan.last_year, reading.plan.goal) == (2026, 2026, "")
        assert list(actions_of(reading.plan)) == ["1.1.1", "1.1.2", "1.2.1"]
        assert plan_words(reading.plan) == document_words(text)

    def test_cells_over_many_lines(self):
        text = (
            "# PLANAS 2024\n\n1 uždavinys: Tvarka\n\n**1.1. Pirmoji\npriemonė** (KRSS2030\nI.1.1.1. "
            "priemonė)\t1.1.1. Pirmas\n"
            "veiksmas\t– Parengta\n\n2024\tES\nlėšos\tMes;\nJūs\n1.2. Kita\t1.2.1. Vienas\t– Vėl "
            "2024\tES\tMes\n"
        )
        plan = read_document(text).plan
        assert measures_of(plan)["1.1"].title == "Pirmoji priemonė"
        assert measures_of(plan)["1.1"].codes == (
            CodeMention("I.1.1.1", "measure", "KRSS2030 I.1.1.1. priemonė"),
        )
        action = actions_of(plan)["1.1.1"]
        assert (action.title, action.results) == (
            "Pirmas veiksmas",
            (ResultText("Parengta", (), 2024, 2024, "2024"),),
        )
        assert (action.resources, action.partners) == (("ES", "lėšos"), ("Mes", "Jūs"))
        assert measures_of(plan)["1.2"].title == "Kita"

    def test_windows_line_ends_and_byte_order_mark(self):
        assert read_document("\ufeff" + DOCUMENT.replace("\n", "\r\n")).plan == PLAN

    def test_markup_is_not_text(self):
        action = read_action(
            title="<p><b>1.1.1. Pir<i>mas</b> <span class='x'>A&amp;B</span>, 3 < 5 ir x<y, m<sup>2</sup></p>"
        )
        assert action.title == "Pirmas A&B, 3 < 5 ir x<y, m2"

    def test_footnote_goes_to_the_action_with_its_mark(self):
        reading = read_document(make_document(title="1.1.1. Projektas*") + "\n* Vykdo KU\n")
        assert reading.warnings == ()
        assert actions_of(reading.plan)["1.1.1"].lead_in == "* Vykdo KU"

    def test_links_elsewhere_are_reported(self):
        (warning,) = read_document(make_document(partners='<a href="http://krbt.lt">KRBT</a>')).warnings
        assert (warning.code, warning.place, warning.text) == (
            "link-dropped",
            Place(5, PARTNERS, "1.1.1"),
            "KRBT",
        )
        assert "http://krbt.lt" in warning.message

    @pytest.mark.parametrize(
        ("parenthetical", "codes"),
        [
            ("(KRSS2030 I.1.1.1. priemonė)", ["I.1.1.1"]),
            ("(I.1.1.1)", ["I.1.1.1"]),
            ("(KRSS 2030 I.1.1.1., II.1.2.1.1 veiksmas)", ["I.1.1.1", "II.1.2.1.1"]),
        ],
    )
    def test_forms_of_codes(self, parenthetical, codes):
        action = read_action(title=f"1.1.1. Vienas {parenthetical} du")
        assert (action.title, [code.code for code in action.codes]) == ("Vienas du", codes)


class TestErrors:
    @pytest.mark.parametrize(
        ("title", "text"),
        [
            ("1.1.1. X (KRSS2030 VI.1.1.1. priemonė)", "KRSS2030 VI.1.1.1. priemonė)"),
            ("1.1.1. X (KRSS2030 I.1.1. priemonė)", "KRSS2030 I.1.1. priemonė)"),
            ("1.1.1. X (KRSS2030 I.1.1.1. veiksmas)", "KRSS2030 I.1.1.1. veiksmas)"),
            ("1.1.1. X KRSS2030 I.1.1.1. priemonė", "KRSS2030 I.1.1.1. priemonė"),
        ],
    )
    def test_unreadable_code(self, title, text):
        assert errors_in(make_document(title=title)) == [
            ("code-unreadable", Place(5, ACTIONS, "1.1.1"), text)
        ]

    @pytest.mark.parametrize("text", ["", "\ufeff", "\t\t\t\t\n \n", "\r\n"])
    def test_empty_document(self, text):
        assert errors_in(text) == [("empty", Place(1), "")]

    def test_no_task(self):
        assert [code for code, _place, _text in errors_in("# PLANAS 2024\n")] == ["no-task"]

    @pytest.mark.parametrize("heading", ["", "2025–2024", "2024/2025", "2024 ir 2025", "2024–20025"])
    def test_title_without_clear_years(self, heading):
        assert errors_in(make_document(heading=heading)) == [
            ("years-missing", Place(1), f"PLANAS {heading}".strip())
        ]

    @pytest.mark.parametrize(
        "row",
        [
            "a\tb",
            "\t\t\t\t\tx",
            "1.2. x\t1.2.1. y\t– z 2024\n1.3. x\t1.3.1. y\t– z 2024",
            "1.2. x",
            "\t1.1.2. x\t– y 2024\tES",
        ],
    )
    def test_wrong_number_of_columns(self, row):
        assert errors_in(f"{make_document()}{row}\n") == [
            ("wrong-columns", Place(line), " ".join(text.split()))
            for line, text in enumerate(row.split("\n"), start=6)
        ]

    @pytest.mark.parametrize(
        "tag", ["<script>", "</div>", "<!-- x -->", "<![x[", "<?x>", "<a " + "x" * 3000 + ">"]
    )
    def test_unknown_tag(self, tag):
        text = make_document(f"– Parengta {tag} 2024")
        if ">" in tag:
            assert errors_in(text) == [("unknown-tag", Place(5, RESULTS), tag)]
        else:
            assert actions_of(read_document(text).plan)["1.1.1"].results[0].text == f"Parengta {tag}"

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("\nLaisvas sakinys\n", Place(7)),
            ("\n* Pastaba be ženklo\n", Place(7)),
            ("1 uždavinys: a\tb\t\t\t\n", Place(6, ACTIONS)),
        ],
    )
    def test_text_without_a_place(self, text, place):
        found = errors_in(make_document() + text)
        assert ("stray-text", place) in [(code, where) for code, where, _text in found]

    def test_text_before_its_measure_and_action(self):
        text = "# PLANAS 2024\n\n1 uždavinys: Tvarka\n\n\t1.1.1. Vienas\t– Parengta 2024\tES\tMes\n"
        assert [(code, where) for code, where, _text in errors_in(text)] == [
            ("no-measures", Place(3, "", "1")),
            *(("stray-text", Place(5, column)) for column in (ACTIONS, RESULTS, RESOURCES, PARTNERS)),
        ]

    def test_second_paragraph_after_the_goal(self):
        text = make_document().replace("\n\n1 ", "\n\n**TIKSLAS:**\n\nGerovė\n\nDar kas\n\n1 ")
        assert errors_in(text) == [("stray-text", Place(7), "Dar kas")]

    @pytest.mark.parametrize(
        ("row", "code", "text"),
        [
            ("\t1.1.1. Vėl\t– Y 2024\tES\tMes", "number-duplicate", "1.1.1"),
            ("\t1.1.0. Vėl\t– Y 2024\tES\tMes", "number-order", "1.1.0"),
            ("\t1.2.1. Vėl\t– Y 2024\tES\tMes", "number-misfit", "1.2.1."),
            ("\t1.1.2.1. Vėl\t– Y 2024\tES\tMes", "number-misfit", "1.1.2.1."),
            ("\t1.1.2.\t– Y 2024\tES\tMes", "title-missing", ""),
            ("1.2. Vėl\t\t\t\t", "no-actions", "1.2. Vėl"),
            ("2.2. Vėl\t2.2.1. Y\t– Y 2024\tES\tMes", "number-misfit", "2.2."),
            ("2..\t2.2.1. Y\t– Y 2024\tES\tMes", "number-misfit", "2.."),
            ("<b>1 uždavinys: Vėl</b>\t\t\t\t\n1.1. A\t1.1.1. Y\t– Y 2024\tES\tMes", "number-duplicate", "1"),
            ("<b>0 uždavinys: Vėl</b>\t\t\t\t\n0.1. A\t0.1.1. Y\t– Y 2024\tES\tMes", "number-order", "0"),
            ("**2 uždavinys: Vėl**", "no-measures", "Vėl"),
        ],
    )
    def test_numbers(self, row, code, text):
        assert (code, 6, text) in [
            (c, where.line, found) for c, where, found in errors_in(f"{make_document()}{row}\n")
        ]

    def test_slips_and_gaps_in_numbers_are_warnings(self):
        row = "<b>3 uždavinys: Vėl</b>\t\t\t\t\n3. Antra\t3.1..5. Y\t– Y 2024\tES\tMes\n"
        reading = read_document(make_document() + row)
        assert [(warning.code, warning.place, warning.text) for warning in reading.warnings] == [
            ("number-gap", Place(6, "", "3"), "2"),
            ("number-slip", Place(7, MEASURES, "3.1"), "3."),
            ("number-gap", Place(7, ACTIONS, "3.1.5"), "3.1.1–3.1.4"),
            ("number-slip", Place(7, ACTIONS, "3.1.5"), "3.1..5."),
        ]

    def test_all_errors_are_told_at_once(self):
        text = (
            make_document("– X 2024 <x>", title="1.1.2. Y (KRSS2030 I.1.)")
            + "a\tb\n\t1.1.2. Z\t– Z 1999\tES\tMes\n"
        )
        with pytest.raises(DocumentError) as caught:
            read_document(text)
        assert codes_of(caught.value) == [
            "unknown-tag",
            "wrong-columns",
            "number-duplicate",
            "period-outside",
        ]
        assert str(caught.value).splitlines()[1] == (
            "Line 6: the row “a b” has 2 columns instead of five. Correct the table."
        )

    def test_changed_word_is_an_error(self):
        found = errors_in(make_document().replace("\n\n1", "\n\n&#84;IKSLAS: Gerovė\n\n1", 1))
        assert [code for code, _place, _text in found] == ["words-changed"]


class TestHostile:
    @pytest.mark.parametrize("character", ["\x00", "\x1b", "\x85", "\ud800"])
    def test_characters_that_are_no_text(self, character):
        assert errors_in(make_document(f"– X{character} 2024")) == [("bad-character", Place(5), character)]

    @pytest.mark.parametrize("text", ["x" * 10_000_000, "ė" * 2_600_000, "\n" * 200_000])
    def test_too_large(self, text):
        assert errors_in(text + "x")[0][0] in {"too-large", "too-long"}

    def test_no_more_errors_than_anyone_can_read(self):
        assert len(errors_in(make_document() + "a\tb\tc\td\te\tf\n" * 5000)) == 1001

    @pytest.mark.parametrize(
        "unit",
        [
            *(
                "<",
                "<a",
                "<b>",
                "</p>",
                "<a href=x>",
                "<p",
                "(",
                ")",
                "()",
                "esant (",
                "*",
                "**",
                "x*",
                "*x\n",
            ),
            *("\n", "\n \n", "\t", " ", "\u0301\u0316", "&", "&#1", "&#" + "9" * 5000, "1.", "1..", "#x\n"),
            *("– ", "– x; ", "; ", "2023 ", "2023 – ", "<b>2023</b> – x ", "o ", "; o ", "○", "ES  ", "ES "),
            *("plan 2023 ", "KRSS2030 ", "(KRSS2030 I.1.1.1. priemonė)", "tikslas: "),
            *("1 uždavinys: x\n", "1.1. x\t\t\t\t\n"),
        ],
    )
    def test_endless_repetition(self, unit):
        many = unit * (40_000 // len(unit))
        for text in (many, make_document(many), make_document(title=many), make_document(partners=many)):
            refusal = refusal_of(text, ("ES", "ES lėšos"))
            assert refusal is None or refusal.notices


PIECES = st.sampled_from(
    [
        "\n",
        "\n\n",
        "\t",
        "<",
        "</b>",
        "<p>",
        "<br>",
        "o ",
        "– ",
        "; ",
        "2023",
        "2023–2024",
        "*",
        "**",
        "(",
        ")",
        "#",
        "&amp;",
    ]
)
POSITIONS = st.integers(0, len(DOCUMENT))
LENGTHS = st.sampled_from([0, 1, 2, 5, 20, 100, 1000])


@st.composite
def mutated_documents(draw):
    """Delete, double, move and insert slices of the real document."""
    text = DOCUMENT
    for _round in range(draw(st.integers(1, 3))):
        start, length, other = draw(POSITIONS), draw(LENGTHS), draw(POSITIONS)
        piece = text[start : start + length]
        inserted = draw(st.sampled_from(["", piece * 2, text[other : other + length]]) | PIECES)
        text = text[:start] + inserted + text[start + length :]
    return text


@given(mutated_documents())
@settings(max_examples=100, deadline=None)
def test_damaged_document_is_read_in_full_or_refused(text):
    refusal = refusal_of(text)
    if refusal:
        assert all(notice.message and notice.place.line >= 1 for notice in refusal.notices)


@given(st.text(st.sampled_from("ab o1.2;:–-\n\t*#<>()/p&○") | st.characters(), max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_in_full_or_refused(text):
    for document in (text, make_document(text), make_document(title=text), make_document(partners=text)):
        refusal = refusal_of(document)
        assert refusal is None or refusal.notices


def test_words_are_counted_without_markup_and_labels():
    text = (
        "**TIKSLAS:** A<b>B</b>\n\n1 uždavinys: C<p>D</p>\n\nPriemonė\ta\tb\tc\td\n1.1. E\to F\t\t&amp;\tG_H"
    )
    assert document_words(text) == Counter({"1": 3, "AB": 1, "C": 1, "D": 1, "E": 1, "F": 1, "G_H": 1})
