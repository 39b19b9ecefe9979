// Builds elements without a line of HTML text: what a visitor typed as a name can never become markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (`on…` functions become listeners) and children (strings become text). */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for a piece of SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** A text in the two languages of a verdict; the Urdu line is missing when there is none. */
export function bilingual(tag, name, text) {
  return [
    text?.en ? el(tag, { class: name, lang: "en", dir: "auto" }, text.en) : null,
    text?.ur ? el(tag, { class: `${name} urdu`, lang: "ur", dir: "rtl" }, text.ur) : null,
  ];
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
