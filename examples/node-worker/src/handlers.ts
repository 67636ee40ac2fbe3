import { bookPrices } from './book-prices.js';
import { loadClerk } from './load-clerk.js';
import { priceOrder } from './price-order.js';

/** By name, as function nodes call them. */
export const handlers = { price_order: priceOrder, book_prices: bookPrices };

/** By name, as agents' `executor` calls them. */
export const agents = { load_clerk: loadClerk };
