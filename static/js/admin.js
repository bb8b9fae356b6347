// Names for controls that the admin's own scripts build without one, so that a screen reader can announce them.
const labelOf = (select) => document.querySelector(`label[for="${CSS.escape(select.id)}"]`)?.textContent.replace(/:\s*$/, "").trim();

function nameAutocomplete(container) {
  const select = container.previousElementSibling;
  const label = select?.matches("select") && labelOf(select);
  if (!label) return;
  container.querySelectorAll(".select2-selection, .select2-selection__rendered, .select2-search__field").forEach((part) => {
    if (part.getAttribute("aria-label") !== label) part.setAttribute("aria-label", label);
  });
}

// Date and time stand in one field without labels of their own: "Reported: Date".
function nameDateAndTime(input) {
  const field = input.closest(".form-row, td")?.querySelector("label, legend");
  const own = input.previousSibling?.nodeType === Node.TEXT_NODE ? input.previousSibling.textContent : "";
  const words = [field?.textContent ?? "", own].map((text) => text.trim().replace(/:$/, "")).filter(Boolean);
  if (words.length) input.setAttribute("aria-label", words.join(": "));
}

function nameAll() {
  document.querySelectorAll("p.datetime input:not([aria-label])").forEach(nameDateAndTime);
  document.querySelectorAll(".select2-container").forEach(nameAutocomplete);
  document.querySelectorAll(".select2-dropdown .select2-search__field:not([aria-label])").forEach((input) => {
    const selection = document.querySelector(".select2-container--open .select2-selection[aria-label]");
    if (selection) input.setAttribute("aria-label", selection.getAttribute("aria-label"));
  });
  document.querySelectorAll(".search-label-icon[aria-label]:not([role])").forEach((icon) => icon.setAttribute("role", "img"));
}

new MutationObserver(nameAll).observe(document.documentElement, { childList: true, subtree: true });
nameAll();
