/** Mirrors attributes as properties. */

/** Define a text property on the class for each attribute; an absent attribute reads as "". */
export function mirror(element, names) {
  for (const name of names) {
    Object.defineProperty(element.prototype, name, {
      configurable: true,
      enumerable: true,
      get() {
        return this.getAttribute(name) ?? "";
      },
      set(value) {
        if (value === null || value === undefined) this.removeAttribute(name);
        else this.setAttribute(name, String(value));
      },
    });
  }
}

/** A property that was set before the element was defined hides the accessor: set it again, properly. */
export function upgrade(element, names) {
  for (const name of names.filter((one) => Object.hasOwn(element, one))) {
    const value = element[name];
    delete element[name];
    element[name] = value;
  }
}
