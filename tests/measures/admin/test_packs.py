"""Packs in the admin: there to read for those who may export, and for nobody to change."""

from django.urls import reverse


def test_pack_is_shown_with_its_files(client, pack):
    html = client.get(reverse("admin:measures_pack_change", args=[pack.pk])).content.decode()
    assert "2023-2024 #1" in html
    for file in pack.files.all():
        assert file.name in html
        assert file.sha256 in html
    assert 'name="_save"' not in html
    assert "/data/packs" not in html


def test_nobody_adds_changes_or_deletes_a_pack(client, pack):
    for page, args in (("add", []), ("delete", [pack.pk])):
        assert client.get(reverse(f"admin:measures_pack_{page}", args=args)).status_code == 403
    address = reverse("admin:measures_pack_change", args=[pack.pk])
    assert client.post(address, {"said": "Kita"}).status_code == 403
    pack.refresh_from_db()
    assert pack.said == ""
