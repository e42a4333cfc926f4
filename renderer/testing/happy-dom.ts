/**
 * In happy-dom `document instanceof window.Document` is false for the document's own window, and React Aria takes every
 * element for unfocused. Browsers say true.
 */
if (document.defaultView) {
  Object.defineProperty(document.defaultView, 'Document', {
    value: document.constructor,
    configurable: true,
  });
}
