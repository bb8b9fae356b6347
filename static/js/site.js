// Menus open and close without script; this only closes them on Escape, on a click outside and when focus leaves.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector("summary").focus();
  }
});

// htmx says nothing when a request fails. What nobody asked for (the keeping of drafts) may fail quietly.
const showFailure = ({ detail: { elt, xhr } }) => {
  if (elt.matches("[data-quiet]")) return;
  const alert = document.getElementById("request-failed").content.firstElementChild.cloneNode();
  const kind = { 0: "offline", 403: "refused", 404: "refused", 413: "large" }[xhr.status] ?? "failed";
  alert.textContent = alert.dataset[kind];
  alert.classList.add("request-failure");
  (elt.closest(".my-action-form form, li") ?? document.getElementById("content")).append(alert);
  alert.scrollIntoView({ block: "nearest" });
};

for (const event of ["htmx:responseError", "htmx:sendError", "htmx:timeout", "htmx:swapError"]) {
  document.addEventListener(event, showFailure);
}

document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
  if (elt.matches("[data-quiet]")) return;
  for (const alert of document.querySelectorAll(".request-failure")) alert.remove();
});

// What a filter leaves open need not stand in the address.
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.matches(".filter-bar")) return;
  for (const name of new Set(formData.keys())) {
    const values = formData.getAll(name).filter(Boolean);
    formData.delete(name);
    for (const value of values) formData.append(name, value);
  }
});

// What takes seconds says so, and can't be sent twice. A page that comes back from the browser's memory starts anew.
document.addEventListener("submit", ({ target, submitter }) => {
  if (!target.matches("[data-busy]")) return;
  const bar = document.createElement("progress");
  // The words beside it are read out.
  bar.setAttribute("aria-hidden", "true");
  target.querySelector("[data-busy-status]").replaceChildren(bar, target.dataset.busy);
  // After the form's values have been collected.
  setTimeout(() => submitter?.setAttribute("disabled", ""));
});

window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted && document.querySelector("[data-busy]")) location.reload();
});
