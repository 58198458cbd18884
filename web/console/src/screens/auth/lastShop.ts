/** The shop that was entered last in this browser. */
const KEPT = 'shopwright.shop'

export const lastShop = {
  get: (): string | null => localStorage.getItem(KEPT),
  set: (id: string): void => localStorage.setItem(KEPT, id),
}
