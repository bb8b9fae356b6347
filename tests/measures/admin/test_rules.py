"""What the plan's rules forbid is an error in the form, never a page that fails."""

import pytest
from django.urls import reverse

from measures import models
from tests.measures.admin.pages import errors_of, read_form
from tests.measures.admin.tree import make_tree, report


def add(client, model, **changes):
    page = reverse(f"admin:measures_{model}_add")
    return client.post(page, read_form(client.get(page)) | changes)


def change(client, row, **changes):
    page = reverse(f"admin:measures_{row._meta.model_name}_change", args=[row.pk])
    return client.post(page, read_form(client.get(page)) | changes)


def assert_refused(response, words=""):
    assert response.status_code == 200
    assert words in errors_of(response)
    assert errors_of(response)


def test_whole_branch_can_be_added(client, cast):
    assert (
        add(
            client, "plan", title="Planas", slug="2025", goal="Tikslas.", first_year="2025", last_year="2026"
        ).status_code
        == 302
    )
    plan = models.Plan.objects.get()
    assert add(client, "task", plan=plan.pk, number="2", title="Uždavinys").status_code == 302
    task = models.Task.objects.get()
    assert add(client, "measure", task=task.pk, number="2.1", title="Priemonė").status_code == 302
    measure = models.Measure.objects.get()
    rows: dict[str, object] = {"results-TOTAL_FORMS": "3"}
    for row in range(3):
        rows |= {f"results-{row}-position": row + 1, f"results-{row}-text": f"Rezultatas {row}"}
    response = add(client, "action", measure=measure.pk, number="2.1.10", title="Veiksmas", **rows)

    assert response.status_code == 302
    action = models.Action.objects.get()
    assert (action.plan, action.number) == (plan, "2.1.10")
    keys = [result.key for result in models.PlannedResult.objects.order_by("position")]
    assert keys == ["2.1.10-1", "2.1.10-2", "2.1.10-3"]


def test_several_results_can_be_added_under_an_action(client, tree):
    rows: dict[str, object] = {"results-TOTAL_FORMS": "3"}
    for row in (1, 2):
        rows |= {f"results-{row}-position": row + 1, f"results-{row}-text": "Dar vienas"}

    assert change(client, tree.action, **rows).status_code == 302

    keys = [result.key for result in models.PlannedResult.objects.order_by("pk")]
    assert keys == ["1.1.1-1", "1.1.1-2", "1.1.1-3"]


@pytest.mark.parametrize("model", ["task", "measure", "action"])
def test_number_that_is_taken(client, tree, model):
    row = getattr(tree, model)
    parent = {"task": "plan", "measure": "task", "action": "measure"}[model]
    number = f"{row.number[:-1]}2"
    other = type(row).objects.create(**{parent: getattr(tree, parent), "number": number, "title": "Kitas"})

    assert_refused(
        add(client, model, **{parent: getattr(tree, parent).pk, "number": row.number, "title": "x"})
    )
    assert_refused(change(client, other, number=row.number))
    assert change(client, other, title="Pervadintas").status_code == 302
    assert type(row).objects.count() == 2


def test_new_row_is_offered_the_place_after_the_last(client, tree):
    form = read_form(client.get(reverse("admin:measures_action_change", args=[tree.action.pk])))

    assert form["results-__prefix__-position"] == "2"
    assert form["partner_links-__prefix__-position"] == "1"


def test_row_added_but_left_empty_is_left_out(client, tree):
    assert (
        change(client, tree.action, **{"results-TOTAL_FORMS": "2", "results-1-position": "2"}).status_code
        == 302
    )
    assert models.PlannedResult.objects.count() == 1


def test_key_that_is_taken(client, tree):
    assert_refused(add(client, "plannedresult", action=tree.action.pk, key="1.1.1-1", text="Kitas"))


@pytest.mark.parametrize(
    ("model", "number"),
    [
        ("task", "1.1"),
        ("task", "a"),
        ("measure", "1"),
        ("measure", "2.1"),
        ("action", "1.1"),
        ("action", "1.2.1"),
    ],
)
def test_number_of_a_wrong_form_or_of_another_branch(client, tree, model, number):
    assert_refused(change(client, getattr(tree, model), number=number))


@pytest.mark.parametrize(
    ("row", "reference", "other"),
    [("measure", "task", "task"), ("action", "measure", "measure"), ("result", "action", "action")],
)
def test_row_moved_to_another_plan(client, tree, row, reference, other):
    elsewhere = make_tree()

    response = change(client, getattr(tree, row), **{reference: getattr(elsewhere, other).pk})

    assert_refused(response)
    assert reference in response.context["adminform"].form.errors


def test_task_stays_in_its_plan(client, tree):
    elsewhere = make_tree()

    change(client, tree.task, plan=elsewhere.plan.pk, title="Pervadintas")

    tree.task.refresh_from_db()
    assert (tree.task.plan, tree.task.title) == (tree.plan, "Pervadintas")


def test_row_moved_within_its_plan_keeps_its_key(client, tree):
    action = models.Action.objects.create(measure=tree.measure, number="1.1.2", title="Kitas")

    assert change(client, tree.result, action=action.pk).status_code == 302

    result = models.PlannedResult.objects.get()
    assert (result.action, result.key) == (action, "1.1.1-1")


@pytest.mark.parametrize("prefix", ["", "results-0-"])
@pytest.mark.parametrize(
    "values",
    [
        {"first_year": "2024", "last_year": "2023"},
        {"first_year": "20240"},
        {"last_year": "-1"},
        {"condition": "Sėkmė"},
        {"condition_state": "met"},
        {"condition": "Sėkmė", "condition_state": "x"},
        {"deadline": "2024-02-30"},
        {"text": ""},
        {"position": "-1"},
    ],
)
def test_result_against_the_rules(client, tree, prefix, values):
    row = tree.action if prefix else tree.result

    assert_refused(change(client, row, **{f"{prefix}{name}": value for name, value in values.items()}))


def test_status_cannot_be_written_in_the_admin(client, tree, cast):
    report(tree, cast.coordinator, percent=40)
    for row, prefix in ((tree.result, ""), (tree.action, "results-0-")):
        forged = {f"{prefix}status": "done", f"{prefix}percent": "100", f"{prefix}text": f"Naujas {prefix}"}
        assert change(client, row, **forged).status_code == 302

    result = models.PlannedResult.objects.get()
    assert (result.status, result.percent, result.text) == ("in_progress", 40, "Naujas results-0-")


def test_years_and_slug_of_a_plan(client, tree):
    assert_refused(change(client, tree.plan, first_year="2025"))
    assert_refused(change(client, tree.plan, slug="Planas 1"))
    assert_refused(
        add(client, "plan", slug=tree.plan.slug, title="x", goal="x", first_year="2023", last_year="2024")
    )


def test_reference_twice_under_one_action(client, tree, registers):
    row = {"partner_links-1-position": "2", "partner_links-1-partner": registers.partner.pk}

    assert_refused(change(client, tree.action, **row, **{"partner_links-TOTAL_FORMS": "2"}))
    assert models.ActionPartner.objects.count() == 1


def test_reference_that_somebody_else_has_added_meanwhile(client, tree, registers):
    page = reverse("admin:measures_action_change", args=[tree.action.pk])
    models.ActionPartner.objects.all().delete()
    form = read_form(client.get(page))
    models.ActionPartner.objects.create(action=tree.action, partner=registers.partner)
    row = {"position": "1", "partner": registers.partner.pk}
    form |= {f"partner_links-0-{name}": value for name, value in row.items()}

    response = client.post(page, form | {"partner_links-TOTAL_FORMS": "1"})

    assert_refused(response)
    [errors] = [errors for errors in response.context["errors"] if errors]
    assert len(errors) == 1


def test_names_of_registers(client, tree, registers):
    assert_refused(add(client, "partner", name=registers.partner.name))
    assert_refused(change(client, registers.partner, member_from="2024-01-01", member_until="2023-01-01"))
    assert_refused(change(client, registers.project, starts_on="2024-01-01", ends_on="2023-01-01"))
    other = models.Partner.objects.create(name="Kitas")
    alias = {"aliases-TOTAL_FORMS": "1", "aliases-0-name": "Šilutės rajonas"}
    assert_refused(change(client, other, **alias))


def test_codes_of_the_strategy(client, strategy):
    code = strategy.code
    assert_refused(change(client, code, code="I.1.4"))
    assert_refused(change(client, code, code="II.1.4.1"))
    assert_refused(change(client, code, direction=""))
    assert_refused(change(client, code, kind="priority"))
    assert_refused(
        add(
            client, "strategycode", code=code.code, title="x", kind="measure", direction=strategy.direction.pk
        )
    )


def test_periods_do_not_overlap(client, tree, period):
    values = {"plan": tree.plan.pk, "title": "Kitas", "starts_on": "2023-06-30", "ends_on": "2023-12-31"}

    assert_refused(add(client, "reportingperiod", **values))
    assert_refused(add(client, "reportingperiod", **values | {"starts_on": "2024-01-01"}))
    assert add(client, "reportingperiod", **values | {"starts_on": "2023-07-01"}).status_code == 302
