// Tasks fold without script. This folds all of them at once, opens the one that an address leads into, and
// goes on to the right page of a long plan: the server does not see what follows the #.
document.querySelectorAll("button[data-folds]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const fold of document.querySelectorAll(".plan-fold")) fold.open = button.dataset.folds === "open";
  });
});

const numbersIn = (place) => (place.match(/\d+/g) ?? []).map(Number);

// The list of places names the first action of each measure on each page.
const linkTo = (place) => {
  const [task, measure, action] = numbersIn(place);
  const links = [...document.querySelectorAll(".plan-jump a")].filter((link) => {
    const first = numbersIn(link.hash);
    return first[0] === task && (measure === undefined || first[1] === measure);
  });
  return action === undefined ? links[0] : links.findLast((link) => numbersIn(link.hash)[2] <= action);
};

const goToAddress = () => {
  const place = location.hash.slice(1);
  const target = document.getElementById(place);
  const fold = target?.closest(".plan-fold");
  if (fold) {
    fold.open = true;
    target.scrollIntoView();
  } else if (!target && /^(task-)?\d/.test(place)) {
    const link = linkTo(place);
    if (link) location.replace(link.href.replace(/#.*/, `#${place}`));
  }
};

window.addEventListener("hashchange", goToAddress);
goToAddress();
